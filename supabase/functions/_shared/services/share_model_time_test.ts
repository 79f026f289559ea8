import assert from "node:assert/strict";
import * as fc from "fast-check";
import { shareTime } from "./share_model_time.ts";

Deno.test("however short a turn is and however often a model is asked, time is left to answer", () => {
  const asks = fc.array(fc.constantFrom("classify" as const, "converse" as const), {
    maxLength: 8,
  });
  fc.assert(fc.property(fc.double({ min: 0, max: 120_000, noNaN: true }), asks, (timeout, all) => {
    let left = timeout;
    for (const what of all) {
      const share = shareTime(left, what);
      assert.ok(Number.isInteger(share) && share >= 0 && share <= left * 0.7);
      left -= share;
    }
    assert.ok(timeout === 0 || left > 0);
  }));
  assert.equal(shareTime(-5, "converse"), 0, "a turn that is late has nothing to share");
  assert.equal(shareTime(120_000, "classify"), 6_000);
});
