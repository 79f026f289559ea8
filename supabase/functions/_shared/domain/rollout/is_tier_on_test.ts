import assert from "node:assert/strict";
import { readPlantedCases } from "../../../../../tests/support/read_planted_cases.ts";
import { isTierOn, parseTierFlags } from "./is_tier_on.ts";

const ORG = "11111111-1111-4111-8111-111111111111";

Deno.test("TypeScript accepts exactly the tiers that SQL does", async (test) => {
  const cases = await readPlantedCases<{ name: string; valid: boolean; value: unknown }>(
    "supabase/tests/app_config/tier_cases.psql",
    "tiers",
  );
  assert.ok(cases.length > 20, "they were found");
  for (const { name, valid, value } of cases) {
    await test.step(name, () => assert.equal(parseTierFlags(value) !== null, valid));
  }
});

Deno.test("a tier is for whom it says, the deny list before the allow list", async (test) => {
  // Bucket 97.
  const cases: [string, Parameters<typeof isTierOn>[1], boolean][] = [
    ["nothing was ever good", undefined, true],
    ["nothing said", {}, true],
    ["switched off", { enabled: false, allow: [ORG] }, false],
    ["below the bucket", { rolloutPercent: 96 }, false],
    ["at the bucket", { rolloutPercent: 97 }, true],
    ["allowed at 0 %", { rolloutPercent: 0, allow: [ORG] }, true],
    ["denied and allowed", { allow: [ORG], deny: [ORG] }, false],
  ];
  for (const [name, inForce, expected] of cases) {
    await test.step(name, () => {
      assert.equal(isTierOn("vapi_tier_flags", inForce, ORG), expected);
    });
  }
});
