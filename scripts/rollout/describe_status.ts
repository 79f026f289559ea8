import type { RolloutDescription } from "../../supabase/functions/_shared/services/describe_rollout.ts";
import type { TierDescription } from "../../supabase/functions/_shared/services/steer_tier.ts";

/** Where the rollout stands, in lines for a terminal. */
export function describeStatus(status: RolloutDescription): string[] {
  const { measures, verdict, stages } = status;
  const mode = status.mode === null
    ? "no plan"
    : `${status.mode}${status.paused ? ", paused" : ""}`;
  const lines = [
    `${status.percent} % inside${status.enabled ? "" : ", SWITCHED OFF: nobody is"} (${mode})`,
    `since      ${status.enteredAt ?? "never"}`,
  ];
  if (!status.flagsValid) lines.push("flags      MALFORMED: the last good value holds");
  if (status.planErrors.length > 0) lines.push("plan       MALFORMED: the last good one holds");
  if (measures !== null) {
    lines.push(
      `measured   ${describeTurns(measures.sinceEntered)}, ${measures.sinceEntered.people} people`,
    );
    for (const { minutes, ...turns } of measures.recent) {
      lines.push(`  ${String(minutes).padStart(4)} min ${describeTurns(turns)}`);
    }
  }
  if (verdict !== null) {
    const what = verdict.kind === "hold"
      ? `hold, ${verdict.reason.replaceAll("_", " ")}`
      : "to" in verdict
      ? `${verdict.kind.replace("_", " ")} to ${verdict.to} %`
      : verdict.kind;
    lines.push(`guard      ${what}: ${verdict.because}`);
  }
  lines.push(
    `next       ${status.nextPercent === null ? "none" : `${status.nextPercent} %`}`,
    `back to    ${status.lastGoodPercent} %`,
    "history",
  );
  for (const stage of stages) {
    const reason = stage.enteredReason === null ? "" : `: ${stage.enteredReason}`;
    const end = stage.outcome === null ? "now" : stage.outcome.replace("_", " ");
    lines.push(
      `  ${stage.enteredAt}  ${String(stage.percent).padStart(3)} %${stage.enabled ? "" : " off"}` +
        `  ${end}  by ${stage.enteredBy}${reason}`,
    );
  }
  return lines;
}

/** Where a tier stands by its plan. */
export function describeTier(status: TierDescription): string[] {
  const { tier, percent, enabled, entered, nextPercent, dueAt, due, changes } = status;
  const next = nextPercent === null ? "none" : `${nextPercent} %`;
  const time = dueAt === null
    ? "no stage of the plan"
    : due
    ? `DUE since ${dueAt}`
    : `due ${dueAt}`;
  return [
    `${tier}: ${percent} % of organizations${enabled ? "" : ", SWITCHED OFF: none is"}`,
    `since      ${
      entered === null ? "unknown" : `${entered.at}, by ${entered.by}: ${entered.reason ?? "–"}`
    }`,
    ...(status.flagsValid ? [] : ["flags      MALFORMED: the last good value holds"]),
    ...(status.plan === null ? ["plan       MALFORMED"] : []),
    `next       ${next} (${time})`,
    `back to    ${status.previousPercent} %`,
    "history",
    ...changes.map(({ changedAt, value, actor, reason }) =>
      `  ${changedAt}  ${JSON.stringify(value)}  by ${actor}${reason === null ? "" : `: ${reason}`}`
    ),
  ];
}

/** The stages of the plan with their limits. */
export function describePlan({ plan, percent, planErrors }: RolloutDescription): string[] {
  const errors = planErrors.map(({ field, detail }) => `MALFORMED as stored: ${field} ${detail}`);
  if (plan === null) return [...errors, "no plan was ever good"];
  return [
    ...errors,
    `mode ${plan.mode}${plan.paused ? ", paused" : ""}`,
    ...plan.stages.map((stage) =>
      `${stage.percent === percent ? ">" : " "} ${String(stage.percent).padStart(3)} %  ` +
      `${stage.dwellHours} h, at most ${
        Number((stage.maximumErrorRate * 100).toFixed(3))
      } % errors, ` +
      `p95 ${stage.maximumP95Milliseconds} ms, after ${stage.minimumSample} turns of ` +
      `${stage.minimumPeople} people`
    ),
  ];
}

function describeTurns(
  { turns, failed, slow }: { turns: number; failed: number; slow: number },
): string {
  const share = (count: number) => turns === 0 ? "–" : `${(count / turns * 100).toFixed(2)} %`;
  return `${turns} turns, ${failed} failed (${share(failed)}), ${slow} slow (${share(slow)})`;
}
