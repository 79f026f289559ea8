import type { FieldError } from "../../errors.ts";
import type { RolloutSnapshot, TurnMeasures } from "../../ports_rollout.ts";
import {
  decideRolloutStep,
  type RolloutDecision,
  type RolloutMeasures,
  type TurnCounts,
} from "./decide_rollout_step.ts";
import { choosePlan, governingStage, nextStage, type RolloutPlan } from "./parse_plan.ts";

export type RolloutAssessment = {
  /** Null where none was ever good: nothing is decided then. */
  plan: RolloutPlan | null;
  /** Of the plan that is stored. */
  planErrors: FieldError[];
  percent: number;
  isEnabled: boolean;
  /** By the plan; null behind the last stage. */
  nextPercent: number | null;
  /** Where a rollback would go. */
  lastGoodPercent: number;
  measures: RolloutMeasures | null;
  decision: RolloutDecision | null;
};

/** What the rows say of the rollout, and what the guard would do. */
export function assessRollout(snapshot: RolloutSnapshot): RolloutAssessment {
  const { plan, errors: planErrors } = choosePlan(snapshot.plans);
  const { stage, last_good } = snapshot;
  const percent = stage?.percent ?? 0;
  const lastGoodPercent = last_good?.percent ?? 0;
  const known = {
    plan,
    planErrors,
    percent,
    isEnabled: stage?.is_enabled ?? false,
    nextPercent: plan === null ? null : nextStage(plan, percent)?.percent ?? null,
    lastGoodPercent,
  };
  if (plan === null || stage === null) {
    return { ...known, measures: null, decision: null };
  }

  const limit = governingStage(plan, percent).maximumP95Milliseconds;
  const count = (measured: TurnMeasures) => countTurns(measured, snapshot.bounds, limit);
  const measures: RolloutMeasures = {
    sinceEntered: {
      ...count(snapshot.since_entered),
      people: snapshot.since_entered.people,
    },
    recent: snapshot.recent.map((window) => ({
      minutes: window.minutes,
      ...count(window),
    })),
  };
  const decision = decideRolloutStep({
    plan,
    state: {
      percent,
      isEnabled: stage.is_enabled,
      enteredAt: Date.parse(stage.entered_at),
      lastGoodPercent,
      baseline: readBaseline(last_good?.measures?.["sinceEntered"]),
      isCompleted: stage.completed_at !== null,
      countedUntil: snapshot.counted_until === null ? null : Date.parse(snapshot.counted_until),
    },
    measures,
    now: Date.parse(snapshot.now),
  });
  return { ...known, measures, decision };
}

/** A turn is slow where its whole bucket lies above the limit, which is one of the bounds. */
export function countTurns(
  { turns, failed, duration_counts }: TurnMeasures,
  bounds: readonly number[],
  limitMilliseconds: number,
): TurnCounts {
  const within = bounds.filter((bound) => bound <= limitMilliseconds).length;
  const slow = duration_counts.slice(within).reduce(
    (sum, count) => sum + count,
    0,
  );
  return { turns, failed, slow };
}

function readBaseline(stored: unknown): TurnCounts | null {
  if (typeof stored !== "object" || stored === null) return null;
  const { turns, failed, slow } = stored as Record<string, unknown>;
  return typeof turns === "number" && typeof failed === "number" &&
      typeof slow === "number"
    ? { turns, failed, slow }
    : null;
}
