import { assessRollout, type RolloutAssessment } from "../domain/rollout/assess_rollout.ts";
import {
  type PlanRepair,
  planSchema,
  repairPlan,
  type RolloutPlan,
} from "../domain/rollout/parse_plan.ts";
import { AppError } from "../errors.ts";
import type { Json } from "../ports.ts";
import type { ConfigStore, RolloutSnapshot, RolloutStore } from "../ports_rollout.ts";

export const PLAN_KEY = "unified_service_rollout_plan";

export type RolloutAction =
  | { action: "set"; percent: number }
  | { action: "advance" | "rollback" | "pause" | "resume" }
  | { action: "plan"; plan: RolloutPlan };

type Steering = RolloutAction & { reason: string; actor: string };
type Ports = { rollout: RolloutStore; config: Pick<ConfigStore, "changeConfig"> };

/**
 * What an operator does to the rollout by hand. The percentage, or the plan, is changed only if it
 * still is what was read, so that an operator and the guard never undo one another unseen. A rollback
 * pauses the plan as the guard's own does.
 * @throws AppError `conflict` where somebody else was first, or there is nowhere to go
 */
export async function steerRollout(ports: Ports, steering: Steering): Promise<void> {
  const snapshot = await ports.rollout.readRollout();
  const assessed = assessRollout(snapshot);
  switch (steering.action) {
    case "pause":
    case "resume":
      if (assessed.plan === null) throw refuse(steering, "no plan was ever good");
      return await changePlan(ports, snapshot, {
        ...steering,
        plan: { ...assessed.plan, paused: steering.action === "pause" },
      });
    case "plan":
      return await changePlan(ports, snapshot, steering);
    default:
      return await movePercent(ports, snapshot, {
        steering,
        ...chooseTarget(assessed, steering),
        repair: repairPlan({
          plan: assessed.plan,
          errors: assessed.planErrors,
          revision: snapshot.plan_revision,
        }),
      });
  }
}

type Target = {
  to: number;
  outcome: "advanced" | "rolled_back" | null;
};

function chooseTarget(
  { percent, nextPercent, lastGoodPercent }: RolloutAssessment,
  steering: Steering,
): Target {
  if (steering.action === "set") return { to: steering.percent, outcome: null };
  if (steering.action === "advance") {
    if (nextPercent === null) throw refuse(steering, `the plan has no stage above ${percent} %`);
    return { to: nextPercent, outcome: "advanced" };
  }
  if (percent === 0) throw refuse(steering, "nobody is inside");
  return { to: lastGoodPercent, outcome: "rolled_back" };
}

async function movePercent(
  { rollout }: Ports,
  { stage }: RolloutSnapshot,
  { steering, to, outcome, repair }: Target & { steering: Steering; repair: PlanRepair | null },
): Promise<void> {
  if (stage === null) throw refuse(steering, "no flags were ever good");
  const { reason, actor } = steering;
  const result = await rollout.moveRollout({
    expected_percent: stage.percent,
    expected_stage_id: stage.id,
    to_percent: to,
    outcome,
    pause: outcome === "rolled_back",
    plan: outcome === "rolled_back" ? repair : null,
    actor,
    reason,
  });
  if (result.code === "malformed") {
    throw refuse(steering, "the flags that are stored are malformed");
  }
  if (result.code === "changed") {
    throw refuse(steering, `it moved to ${result.percent} % meanwhile`);
  }
}

async function changePlan(
  { config }: Ports,
  { plan_revision }: RolloutSnapshot,
  { plan, ...steering }: Steering & { plan: RolloutPlan },
): Promise<void> {
  const result = await config.changeConfig({
    key: PLAN_KEY,
    value: planSchema.parse(plan) as Json,
    expected_revision: plan_revision,
    actor: steering.actor,
    reason: steering.reason,
  });
  if (result.code === "conflict") throw refuse(steering, "the plan was changed meanwhile");
}

function refuse({ action }: { action: string }, reason: string): AppError {
  return new AppError("conflict", `Cannot ${action} the rollout: ${reason}`);
}
