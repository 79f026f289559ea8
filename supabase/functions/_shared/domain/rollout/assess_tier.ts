import * as z from "zod";
import type { TierSnapshot } from "../../ports_rollout.ts";
import { parseTierFlags } from "./is_tier_on.ts";

const planSchema = z.strictObject({
  stages: z.array(z.strictObject({
    percent: z.number().min(0).max(100),
    dwellHours: z.number().positive().max(24 * 365),
  })).min(1).max(20).refine(
    (stages) => stages.every(({ percent }, at) => at === 0 || percent > stages[at - 1]!.percent),
    { error: "must have rising percentages" },
  ),
});

/** `app_config['tier_rollout_plan']`: how long an operator stays with each share of organizations. */
export type TierPlan = z.output<typeof planSchema>;

export type TierAssessment = {
  percent: number;
  enabled: boolean;
  /** Since when it has been so, who made it so and why. Null where the history doesn't say. */
  entered: { at: string; by: string; reason: string | null } | null;
  /** Null where what is stored is malformed. */
  plan: TierPlan | null;
  /** By the plan; null behind the last stage. */
  nextPercent: number | null;
  /** The stage below, or nobody. */
  previousPercent: number;
  /** When the stage has had its time (the last one: was watched for long enough); null where it is none. */
  dueAt: string | null;
  /** It has: an operator may go on. Nothing does so by itself. */
  due: boolean;
};

/** Where a tier stands by its plan. */
export function assessTier(
  { in_force, plan: storedPlan, changes, now }: TierSnapshot,
): TierAssessment {
  const { rolloutPercent: percent, enabled } = readShare(in_force);
  const parsed = planSchema.safeParse(storedPlan);
  const stages = parsed.success ? parsed.data.stages : [];
  const entered = findEntry(changes, { percent, enabled });
  const stage = stages.find((planned) => planned.percent === percent);
  const dueAt = enabled && entered !== null && stage !== undefined
    ? Date.parse(entered.changed_at) + stage.dwellHours * 3_600_000
    : null;
  return {
    percent,
    enabled,
    entered: entered === null
      ? null
      : { at: entered.changed_at, by: entered.actor, reason: entered.reason },
    plan: parsed.success ? parsed.data : null,
    nextPercent: stages.find((planned) => planned.percent > percent)?.percent ?? null,
    previousPercent: stages.findLast((planned) => planned.percent < percent)?.percent ?? 0,
    dueAt: dueAt === null ? null : new Date(dueAt).toISOString(),
    due: dueAt !== null && dueAt <= Date.parse(now),
  };
}

/** The oldest of the newest changes that all leave the share as it is; malformed ones changed nothing. */
function findEntry(
  changes: TierSnapshot["changes"],
  { percent, enabled }: { percent: number; enabled: boolean },
): TierSnapshot["changes"][number] | null {
  const good = changes.filter(({ value }) => parseTierFlags(value) !== null);
  const other = good.findIndex(({ value }) => {
    const share = readShare(value);
    return share.rolloutPercent !== percent || share.enabled !== enabled;
  });
  return good[(other === -1 ? good.length : other) - 1] ?? null;
}

/** Where nothing was ever good a tier is on. */
function readShare(value: unknown): { rolloutPercent: number; enabled: boolean } {
  return parseTierFlags(value) ?? { rolloutPercent: 100, enabled: true };
}
