import type { CallReport, FetchedCall, StaleCall } from "../../ports_calls.ts";
import { describeReport } from "./describe_effect.ts";

export type Reconciliation =
  | { outcome: "in_progress" }
  | { outcome: "closed"; report: ReturnType<typeof describeReport> };

const NOTHING_KNOWN: CallReport = {
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

/**
 * What to make of a call that should be over, given what Vapi says when asked: `null` where it knows
 * no such call. What says that it ended, or when it did, is over; a status alone can lag behind. What
 * was fetched counts less than a report that still comes.
 */
export function planReconciliation(
  stale: Pick<StaleCall, "direction" | "state">,
  fetched: FetchedCall | null,
): Reconciliation {
  const close = (report: CallReport, direction: StaleCall["direction"]): Reconciliation => ({
    outcome: "closed",
    report: describeReport(report, { direction, authority: 1, occurredAt: null }),
  });
  if (fetched === null) {
    const report = { ...NOTHING_KNOWN, ended_reason: "not-found-at-provider" };
    return withoutVerdict(close(report, stale.direction));
  }
  const { status, report } = fetched;
  if (status === "ended" || report.ended_at !== null || report.ended_reason !== null) {
    return close(report, fetched.direction ?? stale.direction);
  }
  // It ended here, and Vapi's own record of that was lost.
  if (stale.state === "ended") return close(report, stale.direction);
  return { outcome: "in_progress" };
}

/** Of a call that nobody remembers, nobody can say how it went. */
function withoutVerdict(plan: Reconciliation): Reconciliation {
  if (plan.outcome !== "closed") return plan;
  const { report } = plan;
  return {
    ...plan,
    report: { ...report, missed: false, change: { ...report.change, outcome: "unknown" } },
  };
}
