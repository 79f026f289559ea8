import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readPlantedCases } from "../../../../../tests/support/read_planted_cases.ts";
import { bucketOf } from "./bucket.ts";
import { toRolloutKey } from "./rollout_key.ts";

Deno.test("one person is one key, and one bucket, however written, as in SQL", async (test) => {
  const cases = await readPlantedCases<[string, string]>(
    "supabase/tests/app_config/rollout_keys.psql",
    "keys",
  );
  assert.ok(cases.length > 20, "they were found");
  for (const [written, meant] of cases) {
    await test.step(JSON.stringify(written), () => {
      assert.equal(toRolloutKey(written), meant);
      assert.equal(bucketOf("g", toRolloutKey(written)), bucketOf("g", meant));
    });
  }
});

Deno.test("a key is its own key", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    assert.equal(toRolloutKey(toRolloutKey(text)), toRolloutKey(text));
  }));
});
