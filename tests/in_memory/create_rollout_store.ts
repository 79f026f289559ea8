import type {
  ConfigChangeRow,
  ConfigStore,
  RolloutSnapshot,
  RolloutStore,
  TierSnapshot,
} from "../../supabase/functions/_shared/ports_rollout.ts";
import type { Json } from "../../supabase/functions/_shared/ports.ts";
import { createRolloutSnapshot } from "./create_rollout_snapshot.ts";

type Settled = Parameters<RolloutStore["settleRollout"]>[0];
type Moved = Parameters<RolloutStore["moveRollout"]>[0];

/** A rollout's rows as the SQL functions keep them, as far as who asks can tell. */
export function createRolloutStore(
  snapshot: RolloutSnapshot = createRolloutSnapshot({ percent: 0 }),
) {
  const settled: Settled[] = [];
  const moves: Moved[] = [];
  const changes: ConfigChangeRow[] = [];
  const setPercent = (percent: number) => {
    const { flags, stage } = snapshot;
    flags.value = { ...flags.value as object, unifiedServiceRolloutPercent: percent } as Json;
    flags.in_force = flags.value;
    flags.revision = (flags.revision ?? 0) + 1;
    if (stage !== null) snapshot.stage = { ...stage, id: crypto.randomUUID(), percent };
  };
  const tier: TierSnapshot = {
    now: snapshot.now,
    in_force: { rolloutPercent: 10 },
    is_valid: true,
    revision: 1,
    plan: { stages: [{ percent: 10, dwellHours: 24 }, { percent: 50, dwellHours: 24 }] },
    changes: [{
      value: { rolloutPercent: 10 },
      changed_at: new Date(Date.parse(snapshot.now) - 25 * 3_600_000).toISOString(),
      actor: "operator",
      reason: "The first ones",
    }],
  };
  const rollout: RolloutStore = {
    readTierRollout: () => Promise.resolve(structuredClone(tier)),
    readRollout: () => Promise.resolve(structuredClone(snapshot)),
    settleRollout(input) {
      if (input.stage_id !== snapshot.stage?.id) return Promise.resolve({ code: "changed" });
      settled.push(input);
      if (input.move !== null) setPercent(input.move.to_percent);
      return Promise.resolve({ code: "settled", moved: input.move !== null });
    },
    moveRollout(input) {
      const percent = snapshot.stage?.percent ?? 0;
      if (percent !== input.expected_percent) return Promise.resolve({ code: "changed", percent });
      moves.push(input);
      setPercent(input.to_percent);
      return Promise.resolve({ code: "moved", percent: input.to_percent });
    },
  };
  const config: ConfigStore = {
    changeConfig({ key, value, expected_revision, actor, reason }) {
      if (key.endsWith("_tier_flags")) {
        const { revision, changes } = tier;
        if (revision !== expected_revision) return Promise.resolve({ code: "conflict", revision });
        Object.assign(tier, {
          in_force: value,
          revision: (revision ?? 0) + 1,
          changes: [{ value, changed_at: tier.now, actor, reason }, ...changes],
        });
        return Promise.resolve({ code: "changed", revision: (revision ?? 0) + 1 });
      }
      const isPlan = key === "unified_service_rollout_plan";
      const revision = isPlan ? snapshot.plan_revision : snapshot.flags.revision;
      if (revision !== expected_revision) return Promise.resolve({ code: "conflict", revision });
      const before = isPlan ? snapshot.plans[0] ?? null : snapshot.flags.value;
      changes.push({
        id: `eeeeeeee-0000-4000-8000-${String(changes.length + 1).padStart(12, "0")}`,
        key,
        operation: "update",
        actor,
        reason,
        value_before: before,
        value_after: value,
        changed_at: snapshot.now,
      });
      if (isPlan) {
        snapshot.plans = [value, ...snapshot.plans];
        snapshot.plan_revision = (revision ?? 0) + 1;
      } else {
        Object.assign(snapshot.flags, { value, in_force: value, revision: (revision ?? 0) + 1 });
      }
      return Promise.resolve({ code: "changed", revision: (revision ?? 0) + 1 });
    },
    listConfigHistory({ key, limit }) {
      const listed = changes.toReversed().filter((change) => key === null || change.key === key);
      return Promise.resolve(listed.slice(0, limit));
    },
    revertConfig({ history_id }) {
      const change = changes.find(({ id }) => id === history_id);
      return Promise.resolve(
        change === undefined
          ? { code: "not_found" }
          : { code: "reverted", key: change.key, value: change.value_before },
      );
    },
  };
  return { rollout, config, snapshot, settled, moves, changes };
}
