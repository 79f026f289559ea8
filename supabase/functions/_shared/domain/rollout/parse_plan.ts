import * as z from "zod";
import type { FieldError } from "../../errors.ts";

/** Fewer turns than this prove nothing, whatever became of them. */
export const LEAST_SAMPLE = 20;

/** Bounds that turns' times are counted by, so that how many were slower is known and not guessed. */
export const TIME_BOUNDS = [
  250,
  500,
  1_000,
  1_500,
  2_000,
  2_500,
  3_000,
  4_000,
  5_000,
  7_500,
  10_000,
  15_000,
  30_000,
  60_000,
] as const;

const stageSchema = z.strictObject({
  percent: z.int().min(1).max(100),
  /** How long it is watched at least. */
  dwellHours: z.number().positive().max(24 * 365),
  /** Share of turns that may fail. */
  maximumErrorRate: z.number().positive().max(1),
  /** At most one turn in twenty may take longer. */
  maximumP95Milliseconds: z.literal([...TIME_BOUNDS]),
  /** Turns that have to be seen before the next stage. */
  minimumSample: z.int().min(LEAST_SAMPLE).max(1_000_000),
  /** Different people among them. */
  minimumPeople: z.int().min(1).max(5_000).default(1),
});

export const planSchema = z.strictObject({
  /** `automatic` acts, `advise` alerts, `manual` only records what it would do. */
  mode: z.enum(["manual", "advise", "automatic"]),
  /** Nothing is advanced; a limit that is clearly broken still rolls back. */
  paused: z.boolean().default(false),
  stages: z.array(stageSchema).min(1).max(20).refine(
    (stages) => stages.every(({ percent }, at) => at === 0 || percent > stages[at - 1]!.percent),
    { error: "must have rising percentages" },
  ),
});

/** `app_config['unified_service_rollout_plan']`. */
export type RolloutPlan = z.output<typeof planSchema>;
export type PlannedStage = RolloutPlan["stages"][number];

/** Written if what is stored still is at this revision; null: there is nothing stored. */
export type PlanRepair = { value: RolloutPlan; revision: number | null };

export type ParsedPlan = { ok: true; plan: RolloutPlan } | {
  ok: false;
  errors: FieldError[];
};

export function parsePlan(value: unknown): ParsedPlan {
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return { ok: true, plan: parsed.data };
  return {
    ok: false,
    errors: parsed.error.issues.map(({ path, message }) => ({
      field: path.map(String).join("."),
      detail: message,
    })),
  };
}

/**
 * The plan to go by: the first good one of `values`, what is stored now and then what was stored
 * before it, newest first. `errors` are those of what is stored now.
 */
export function choosePlan(
  values: readonly unknown[],
): { plan: RolloutPlan | null; errors: FieldError[] } {
  const parsed = values.map(parsePlan);
  const good = parsed.find(({ ok }) => ok);
  return {
    plan: good?.ok ? good.plan : null,
    errors: parsed[0] === undefined
      ? [{ field: "", detail: "there is none" }]
      : parsed[0].ok
      ? []
      : parsed[0].errors,
  };
}

/**
 * What a rollback that pauses writes down of the plan it goes by, where what is stored can't be used and a
 * word in it would pause nothing. Null where what is stored is good.
 */
export function repairPlan(
  { plan, errors, revision }: {
    plan: RolloutPlan | null;
    errors: readonly FieldError[];
    revision: number | null;
  },
): PlanRepair | null {
  return plan === null || errors.length === 0
    ? null
    : { value: { ...plan, paused: true }, revision };
}

/** Whose limits hold at a percentage: the stage that it is, or the next one above it. */
export function governingStage(
  plan: RolloutPlan,
  percent: number,
): PlannedStage {
  return plan.stages.find((stage) => stage.percent >= percent) ??
    plan.stages.at(-1)!;
}

/** Null behind the last one. */
export function nextStage(
  plan: RolloutPlan,
  percent: number,
): PlannedStage | null {
  return plan.stages.find((stage) => stage.percent > percent) ?? null;
}
