import assert from "node:assert/strict";
import { type LookedUp, type LookupPlan, planLookup } from "./plan_lookup.ts";

const intended_at = "2026-11-23T07:00:00.000Z";
const after = (seconds: number) => Date.parse(intended_at) + seconds * 1000;

Deno.test("what follows from looking for a call that nobody heard of", async (test) => {
  const cases: [string, LookedUp, number, LookupPlan][] = [
    ["it is there", { kind: "found", vapi_call_id: "c" }, 1, { step: "placed", vapi_call_id: "c" }],
    [
      "it isn't there, but may be on its way",
      { kind: "absent", complete: true },
      119,
      { step: "look_again", until: after(120) },
    ],
    ["it was never made", { kind: "absent", complete: true }, 120, { step: "try_again" }],
    [
      "the list is cut off",
      { kind: "absent", complete: false },
      600,
      { step: "unknown", reason: "too_many_calls" },
    ],
    ["nobody answers", { kind: "failed" }, 600, { step: "look_again", until: null }],
    [
      "another account is connected",
      { kind: "elsewhere" },
      600,
      { step: "unknown", reason: "account_changed" },
    ],
  ];
  for (const [name, looked, seconds, expected] of cases) {
    await test.step(name, () => {
      assert.deepEqual(planLookup(looked, { intended_at, now: after(seconds) }), expected);
    });
  }
});
