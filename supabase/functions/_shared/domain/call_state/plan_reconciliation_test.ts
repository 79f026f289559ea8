import assert from "node:assert/strict";
import type { CallReport, FetchedCall } from "../../ports_calls.ts";
import type { CallState } from "./call_states.ts";
import { planReconciliation } from "./plan_reconciliation.ts";

const nothing: CallReport = {
  ended_reason: null,
  started_at: null,
  ended_at: null,
  duration_seconds: null,
  cost: null,
  cost_breakdown: null,
  summary: null,
  success_evaluation: null,
  structured_data: null,
  transcript: null,
  recording_url: null,
};

Deno.test("what becomes of a call whose report never came", async (test) => {
  const ended = {
    ...nothing,
    ended_reason: "customer-ended-call",
    duration_seconds: 61,
    cost: 0.2,
  };
  const cases: [string, CallState, FetchedCall | null, string, boolean][] = [
    ["ended", "answered", { status: "ended", direction: null, report: ended }, "completed", false],
    [
      "its status lags behind",
      "answered",
      { status: "in-progress", direction: null, report: ended },
      "completed",
      false,
    ],
    [
      "nobody spoke",
      "rung",
      { status: "ended", direction: "inbound", report: { ...nothing, duration_seconds: 0 } },
      "missed",
      true,
    ],
    [
      "an outbound call that nobody took",
      "rung",
      { status: "ended", direction: "outbound", report: { ...nothing, duration_seconds: 0 } },
      "unknown",
      false,
    ],
    [
      "still going on",
      "answered",
      { status: "in-progress", direction: null, report: nothing },
      "",
      false,
    ],
    ["no status", "answered", { status: null, direction: null, report: nothing }, "", false],
    [
      "ended here, going on there",
      "ended",
      { status: "in-progress", direction: null, report: nothing },
      "unknown",
      false,
    ],
    ["unknown there", "answered", null, "unknown", false],
  ];
  for (const [name, state, fetched, outcome, missed] of cases) {
    await test.step(name, () => {
      const plan = planReconciliation({ direction: "inbound", state }, fetched);
      if (outcome === "") {
        assert.deepEqual(plan, { outcome: "in_progress" });
        return;
      }
      assert.equal(plan.outcome, "closed");
      if (plan.outcome !== "closed") return;
      assert.equal(plan.report.change.state, "ended");
      assert.equal(plan.report.change.ended_authority, 1);
      assert.equal(plan.report.change.outcome, outcome);
      assert.equal(plan.report.missed, missed);
    });
  }
});
