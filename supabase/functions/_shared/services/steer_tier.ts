import { assessTier, type TierAssessment } from "../domain/rollout/assess_tier.ts";
import { AppError } from "../errors.ts";
import type { JsonObject, TierName } from "../ports.ts";
import type { ConfigStore, RolloutStore } from "../ports_rollout.ts";

/** Tiers as operators name them. */
export const TIERS = {
  workspace: "workspace_tier_flags",
  agent: "agent_tier_flags",
  knowledge: "knowledge_tier_flags",
  vapi: "vapi_tier_flags",
} as const satisfies Record<string, TierName>;
export type Tier = keyof typeof TIERS;

export type TierAction = { action: "set"; percent: number } | { action: "advance" | "rollback" };
type Ports = {
  rollout: Pick<RolloutStore, "readTierRollout">;
  config: Pick<ConfigStore, "changeConfig">;
};

/** Where a tier stands by its plan, and how it came there. */
export async function describeTier({ rollout }: Pick<Ports, "rollout">, tier: Tier) {
  const snapshot = await rollout.readTierRollout({ tier: TIERS[tier] });
  return {
    tier,
    ...assessTier(snapshot),
    flags: snapshot.in_force,
    flagsValid: snapshot.is_valid,
    revision: snapshot.revision,
    changes: snapshot.changes.slice(0, 20).map(({ changed_at, ...change }) => ({
      ...change,
      changedAt: changed_at,
    })),
  };
}

export type TierDescription = Awaited<ReturnType<typeof describeTier>>;

/**
 * What an operator does to a tier by hand: nobody else moves it. Only the percentage is changed, and only
 * if the entry still is what was read; over a malformed one the change repairs it.
 * @throws AppError `conflict` where somebody else was first, or there is nowhere to go
 */
export async function steerTier(
  { rollout, config }: Ports,
  tier: Tier,
  steering: TierAction & { reason: string; actor: string },
): Promise<void> {
  const { action, reason, actor } = steering;
  const snapshot = await rollout.readTierRollout({ tier: TIERS[tier] });
  const rolloutPercent = steering.action === "set"
    ? steering.percent
    : choosePercent(assessTier(snapshot), { action: steering.action, tier });
  const result = await config.changeConfig({
    key: TIERS[tier],
    value: { ...snapshot.in_force as JsonObject | null, rolloutPercent },
    expected_revision: snapshot.revision,
    actor,
    reason,
  });
  if (result.code === "conflict") throw refuse(action, tier, "it was changed meanwhile");
}

function choosePercent(
  { plan, percent, nextPercent, previousPercent }: TierAssessment,
  { action, tier }: { action: "advance" | "rollback"; tier: Tier },
): number {
  if (plan === null) throw refuse(action, tier, "tier_rollout_plan is malformed");
  if (action === "rollback") {
    if (percent === 0) throw refuse(action, tier, "nobody is inside");
    return previousPercent;
  }
  if (nextPercent === null) throw refuse(action, tier, `the plan has no stage above ${percent} %`);
  return nextPercent;
}

function refuse(action: string, tier: Tier, reason: string): AppError {
  return new AppError("conflict", `Cannot ${action} the tier "${tier}": ${reason}`);
}
