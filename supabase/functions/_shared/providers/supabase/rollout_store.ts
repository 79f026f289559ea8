import * as z from "zod";
import type { Json } from "../../ports.ts";
import type { RolloutStore } from "../../ports_rollout.ts";
import type { Database } from "./create_database.ts";
import { jsonObject, onlyCode } from "./rows.ts";

const json = z.custom<Json>();
const turns = { turns: z.number(), failed: z.number(), duration_counts: z.array(z.number()) };
const stage = z.object({
  id: z.string(),
  percent: z.number(),
  is_enabled: z.boolean(),
  entered_at: z.string(),
  entered_by: z.string(),
  entered_reason: z.string().nullable(),
  measures: jsonObject.nullable(),
  verdict: jsonObject.nullable(),
  is_good: z.boolean(),
  evaluated_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  left_at: z.string().nullable(),
  outcome: z.string().nullable(),
  left_by: z.string().nullable(),
  left_reason: z.string().nullable(),
});
const snapshot = z.object({
  code: z.literal("read"),
  now: z.string(),
  counted_until: z.string().nullable(),
  flags: z.object({
    value: json,
    revision: z.number().nullable(),
    is_valid: z.boolean(),
    in_force: json,
  }),
  plans: z.array(json),
  plan_revision: z.number().nullable(),
  stage: stage.nullable(),
  last_good: stage.nullable(),
  since_entered: z.object({ ...turns, people: z.number() }),
  recent: z.array(z.object({ ...turns, minutes: z.number() })),
  bounds: z.array(z.number()),
  stages: z.array(stage),
});
const tier = z.object({
  code: z.literal("read"),
  now: z.string(),
  in_force: json,
  is_valid: z.boolean(),
  revision: z.number().nullable(),
  plan: json,
  changes: z.array(z.object({
    value: json,
    changed_at: z.string(),
    actor: z.string(),
    reason: z.string().nullable(),
  })),
});
const settled = z.discriminatedUnion("code", [
  z.object({ code: z.literal("settled"), moved: z.boolean() }),
  onlyCode("changed"),
]);
const moved = z.discriminatedUnion("code", [
  z.object({ code: z.enum(["moved", "changed"]), percent: z.number() }),
  onlyCode("malformed"),
]);

export function createRolloutStore(database: Database): RolloutStore {
  return {
    readRollout: () => database.callFunction("read_rollout", {}, snapshot, { idempotent: true }),
    readTierRollout: (input) =>
      database.callFunction("read_tier_rollout", input, tier, { idempotent: true }),
    // Neither is repeated by itself: who comes second is told that it was done already, or by another.
    settleRollout: (input) => database.callFunction("settle_rollout", input, settled),
    moveRollout: (input) => database.callFunction("move_rollout", input, moved),
  };
}
