import { assessRollout } from "../domain/rollout/assess_rollout.ts";
import type { RolloutStageRow, RolloutStore } from "../ports_rollout.ts";

/** Where the rollout stands, what was measured, what the guard would do, and how it came here. */
export async function describeRollout({ rollout }: { rollout: RolloutStore }) {
  const snapshot = await rollout.readRollout();
  const { plan, planErrors, percent, isEnabled, nextPercent, lastGoodPercent, ...assessed } =
    assessRollout(snapshot);
  return {
    percent,
    enabled: isEnabled,
    flagsValid: snapshot.flags.is_valid,
    mode: plan?.mode ?? null,
    paused: plan?.paused ?? null,
    enteredAt: snapshot.stage?.entered_at ?? null,
    evaluatedAt: snapshot.stage?.evaluated_at ?? null,
    completedAt: snapshot.stage?.completed_at ?? null,
    nextPercent,
    lastGoodPercent,
    verdict: assessed.decision?.verdict ?? null,
    isGood: assessed.decision?.isGood ?? false,
    measures: assessed.measures,
    plan,
    planRevision: snapshot.plan_revision,
    planErrors,
    stages: snapshot.stages.map(describeStage),
  };
}

export type RolloutDescription = Awaited<ReturnType<typeof describeRollout>>;

function describeStage(stage: RolloutStageRow) {
  return {
    percent: stage.percent,
    enabled: stage.is_enabled,
    enteredAt: stage.entered_at,
    enteredBy: stage.entered_by,
    enteredReason: stage.entered_reason,
    leftAt: stage.left_at,
    leftBy: stage.left_by,
    leftReason: stage.left_reason,
    outcome: stage.outcome,
    isGood: stage.is_good,
    measures: stage.measures,
    verdict: stage.verdict,
  };
}
