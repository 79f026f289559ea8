import assert from "node:assert/strict";
import * as fc from "fast-check";
import { bucketOf } from "./bucket.ts";
import { toRolloutKey } from "./rollout_key.ts";

Deno.test("one number is one key, and one bucket, however it is written", async (test) => {
  const writings = [
    "250788123456",
    "+250788123456",
    "+250 788 123 456",
    " 250-788-123-456 ",
    "(250) 788.123.456",
    "00250788123456",
    "+250\u00a0788\u00a0123\u00a0456",
  ];
  for (const writing of writings) {
    await test.step(writing, () => {
      assert.equal(toRolloutKey(writing), "250788123456");
      assert.equal(bucketOf("g", toRolloutKey(writing)), bucketOf("g", "250788123456"));
    });
  }
});

Deno.test("what isn't a number stays as it is", async (test) => {
  for (const key of ["US.13491208655302741918", "anonymous", "12", "0", "1".repeat(16), ""]) {
    await test.step(key, () => assert.equal(toRolloutKey(key), key));
  }
});

Deno.test("a key is its own key", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    assert.equal(toRolloutKey(toRolloutKey(text)), toRolloutKey(text));
  }));
});
