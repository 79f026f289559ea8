import { assessRollout, type RolloutAssessment } from "../domain/rollout/assess_rollout.ts";
import type { RolloutDecision } from "../domain/rollout/decide_rollout_step.ts";
import {
  governingStage,
  type PlanRepair,
  repairPlan,
  type RolloutPlan,
} from "../domain/rollout/parse_plan.ts";
import type { Logger } from "../ports.ts";
import type {
  RolloutAlert,
  RolloutMove,
  RolloutSnapshot,
  RolloutStageRow,
  RolloutStore,
} from "../ports_rollout.ts";

/** Every alert of the guard's own; whatever doesn't hold any more is resolved. */
export const ROLLOUT_ALERTS = [
  "rollout_breached",
  "rollout_can_advance",
  "rollout_advanced",
  "rollout_held_back",
  "rollout_not_counted",
  "rollout_plan_malformed",
] as const;
/** A count that is late for a few minutes catches up by itself. */
const LONG_UNCOUNTED_MILLISECONDS = 10 * 60_000;
type Rule = typeof ROLLOUT_ALERTS[number];

/**
 * One evaluation of the rollout: measured, decided, written down, and acted on where the plan is
 * automatic. Safe at any time and beside itself: what was measured of a stage that was left meanwhile
 * changes nothing.
 */
export async function advanceRollout(
  { rollout, logger }: { rollout: RolloutStore; logger: Logger },
): Promise<void> {
  const snapshot = await rollout.readRollout();
  const { stage } = snapshot;
  const assessed = assessRollout(snapshot);
  if (assessed.decision === null || assessed.plan === null || stage === null) {
    logger.error("Cannot guard the rollout: there is no plan or no stage", {
      errors: assessed.planErrors,
    });
    return;
  }
  const { plan, decision } = assessed;
  const { verdict } = decision;
  const repair = repairPlan({
    plan,
    errors: assessed.planErrors,
    revision: snapshot.plan_revision,
  });
  const move = plan.mode === "automatic" ? toMove(decision, repair) : null;
  const raise = listAlerts(plan, assessed, {
    ...decision,
    uncounted: sinceCounted(snapshot, stage),
  });
  const settled = await rollout.settleRollout({
    stage_id: stage.id,
    percent: stage.percent,
    measures: { ...assessed.measures },
    verdict: { ...verdict },
    is_good: decision.isGood,
    is_completed: verdict.kind === "complete",
    move,
    raise,
    resolve: ROLLOUT_ALERTS.filter((rule) =>
      !raise.some((alert) => alert.rule === rule) &&
      // What was rolled back is said for as long as nobody has resumed the plan.
      !(rule === "rollout_breached" && plan.paused)
    ),
  });
  const moved = settled.code === "settled" && settled.moved;
  logger[moved ? "warn" : "info"](moved ? "Rollout moved" : "Rollout evaluated", {
    percent: stage.percent,
    mode: plan.mode,
    settled: settled.code,
    verdict,
  });
}

function toMove({ verdict }: RolloutDecision, repair: PlanRepair | null): RolloutMove | null {
  switch (verdict.kind) {
    case "advance":
      return { to_percent: verdict.to, outcome: "advanced", pause: false, plan: null };
    case "roll_back":
      // Until somebody has looked: the same again would only be broken again.
      return { to_percent: verdict.to, outcome: "rolled_back", pause: true, plan: repair };
    default:
      return null;
  }
}

function listAlerts(
  plan: RolloutPlan,
  { planErrors, percent, measures }: RolloutAssessment,
  { verdict, uncounted }: RolloutDecision & { uncounted: number },
): RolloutAlert[] {
  const alerts: RolloutAlert[] = [];
  const raise = (rule: Rule, severity: RolloutAlert["severity"], message: string) =>
    alerts.push({
      rule,
      severity,
      message,
      details: { percent, verdict: { ...verdict }, measures: { ...measures } },
    });
  if (planErrors.length > 0) {
    raise(
      "rollout_plan_malformed",
      "warning",
      'Cannot use "unified_service_rollout_plan": it is malformed, the last good one holds ' +
        `(${planErrors.map(({ field, detail }) => `${field} ${detail}`).join("; ").slice(0, 500)})`,
    );
  }
  if (plan.mode === "manual") return alerts;
  const does = plan.mode === "automatic";
  const { because } = verdict;
  if (verdict.kind === "roll_back") {
    const what = does ? "was rolled back" : "should be rolled back";
    raise(
      "rollout_breached",
      "critical",
      `The rollout ${what} from ${percent} % to ${verdict.to} %: ${because}`,
    );
  } else if (verdict.kind === "advance") {
    const rule = does ? "rollout_advanced" : "rollout_can_advance";
    const what = does ? "was advanced" : "can be advanced";
    // Not "info": the default mode waits for somebody who is told.
    raise(rule, "warning", `The rollout ${what} from ${percent} % to ${verdict.to} %: ${because}`);
  } else if (
    verdict.kind === "hold" &&
    (verdict.reason === "worse_than_before" || verdict.reason === "over_limit") &&
    // The first failure among a few is over any limit.
    (measures?.sinceEntered.turns ?? 0) >= governingStage(plan, percent).minimumSample
  ) {
    raise("rollout_held_back", "warning", `The rollout is held back at ${percent} %: ${because}`);
  } else if (
    verdict.kind === "hold" && verdict.reason === "not_counted" &&
    uncounted >= LONG_UNCOUNTED_MILLISECONDS
  ) {
    raise(
      "rollout_not_counted",
      "critical",
      `Nothing guards the rollout at ${percent} %: ${because}`,
    );
  }
  return alerts;
}

/**
 * Milliseconds that this stage has gone uncounted: a new installation counts from its hour's beginning, and
 * its guard may be asked before that has caught up.
 */
function sinceCounted(
  { now, counted_until }: RolloutSnapshot,
  { entered_at }: Pick<RolloutStageRow, "entered_at">,
): number {
  const counted = counted_until === null ? -Infinity : Date.parse(counted_until);
  return Date.parse(now) - Math.max(counted, Date.parse(entered_at));
}
