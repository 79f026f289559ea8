import assert from "node:assert/strict";
import { refuseSupervision } from "./refuse_supervision.ts";

Deno.test("each refusal has its code, and a conflict says which", async (test) => {
  const last_inbound_at = "2026-11-20T10:00:00Z";
  const cases: [Parameters<typeof refuseSupervision>[1], string, object][] = [
    [{ code: "forbidden" }, "forbidden", {}],
    [{ code: "not_found" }, "not_found", {}],
    [{ code: "not_taken" }, "conflict", { reason: "not_taken" }],
    [{ code: "released" }, "conflict", { reason: "released" }],
    [{ code: "opted_out" }, "conflict", { reason: "opted_out" }],
    [{ code: "handed_over" }, "conflict", { reason: "handed_over" }],
    [{ code: "nothing_to_replay" }, "conflict", { reason: "nothing_to_replay" }],
    [{ code: "taken_by_another", taken_by: "ada" }, "conflict", {
      reason: "taken_by_another",
      takenBy: "ada",
    }],
    [{ code: "outside_window", last_inbound_at }, "outside_window", {
      lastInboundAt: last_inbound_at,
    }],
  ];
  for (const [refusal, code, extensions] of cases) {
    await test.step(refusal.code, () => {
      const error = refuseSupervision('take hand-over "h"', refusal);
      assert.deepEqual([error.code, error.extensions], [code, extensions]);
      assert.match(error.message, /^Cannot take hand-over "h": /);
    });
  }
});
