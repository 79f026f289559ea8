import assert from "node:assert/strict";
import { readPlantedCases } from "../../../../../tests/support/read_planted_cases.ts";
import { parseWebhooks } from "./parse_webhooks.ts";

Deno.test("TypeScript accepts exactly the webhooks that SQL does", async (test) => {
  const cases = await readPlantedCases<{ name: string; valid: boolean; value: unknown }>(
    "supabase/tests/app_config/webhook_cases.psql",
    "webhooks",
  );
  assert.ok(cases.length > 20, "they were found");
  for (const { name, valid, value } of cases) {
    await test.step(name, () => assert.equal(parseWebhooks(value).ok, valid));
  }
});
