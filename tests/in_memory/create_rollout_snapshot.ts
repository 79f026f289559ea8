import type { Json, JsonObject } from "../../supabase/functions/_shared/ports.ts";
import type {
  RolloutSnapshot,
  RolloutStageRow,
} from "../../supabase/functions/_shared/ports_rollout.ts";
import { SAFE_FLAGS } from "../../supabase/functions/_shared/domain/rollout/parse_flags.ts";

const NOW = "2026-11-20T10:00:00+00:00";

/** A rollout that has stood at a percentage for three days, with what became of its turns. */
export function createRolloutSnapshot(
  { percent, turns = 0, failed = 0, plan = {} }: {
    percent: number;
    turns?: number;
    failed?: number;
    plan?: JsonObject;
  },
): RolloutSnapshot {
  const stage: RolloutStageRow = {
    id: "dddddddd-0000-4000-8000-000000000001",
    percent,
    is_enabled: true,
    entered_at: "2026-11-17T10:00:00+00:00",
    entered_by: "operator",
    entered_reason: null,
    measures: null,
    verdict: null,
    is_good: false,
    evaluated_at: null,
    completed_at: null,
    left_at: null,
    outcome: null,
    left_by: null,
    left_reason: null,
  };
  const flags = {
    ...SAFE_FLAGS,
    unifiedServiceEnabled: true,
    unifiedServiceRolloutPercent: percent,
  } as Json;
  const measured = { turns, failed, duration_counts: [turns] };
  const limits = {
    dwellHours: 48,
    maximumErrorRate: 0.01,
    maximumP95Milliseconds: 2_000,
    minimumSample: 100,
    minimumPeople: 5,
  };
  return {
    now: NOW,
    counted_until: NOW,
    flags: { value: flags, revision: 3, is_valid: true, in_force: flags },
    plans: [{
      mode: "automatic",
      paused: false,
      stages: [1, 10, 50, 100].map((stagePercent) => ({ percent: stagePercent, ...limits })),
      ...plan,
    }],
    plan_revision: 2,
    stage,
    last_good: null,
    since_entered: { ...measured, people: 50 },
    recent: [15, 60, 360].map((minutes) => ({ minutes, turns: 0, failed: 0, duration_counts: [] })),
    bounds: [2_000],
    stages: [stage],
  };
}
