/** What the guard of the rollout and operators read and change; `ports.ts` has the rest. */

import type { PlanRepair } from "./domain/rollout/parse_plan.ts";
import type { Json, JsonObject, TierName } from "./ports.ts";

/** Turns of a time, and how many took how long: one count for each of the bounds, and one beyond. */
export type TurnMeasures = { turns: number; failed: number; duration_counts: number[] };

export type RolloutStageRow = {
  id: string;
  percent: number;
  is_enabled: boolean;
  entered_at: string;
  entered_by: string;
  entered_reason: string | null;
  measures: JsonObject | null;
  verdict: JsonObject | null;
  is_good: boolean;
  evaluated_at: string | null;
  completed_at: string | null;
  left_at: string | null;
  outcome: string | null;
  left_by: string | null;
  left_reason: string | null;
};

export type RolloutSnapshot = {
  /** The database's clock. */
  now: string;
  /** How far turns are counted; null where nobody ever counted. */
  counted_until: string | null;
  flags: {
    /** As stored; null where there is none. */
    value: Json;
    revision: number | null;
    is_valid: boolean;
    /** What holds: the stored value, or the last good one. */
    in_force: Json;
  };
  /** As stored, then what was stored before, newest first. */
  plans: Json[];
  plan_revision: number | null;
  /** Null where no flags were ever good. */
  stage: RolloutStageRow | null;
  last_good: RolloutStageRow | null;
  since_entered: TurnMeasures & { people: number };
  recent: (TurnMeasures & { minutes: number })[];
  /** Milliseconds, each included. */
  bounds: number[];
  /** Newest first, the open one among them. */
  stages: RolloutStageRow[];
};

export type RolloutMove = {
  to_percent: number;
  outcome: "advanced" | "rolled_back";
  pause: boolean;
  /** The plan in use, paused, where a malformed one is stored: written if that one still is. */
  plan: PlanRepair | null;
};
export type RolloutAlert = {
  rule: string;
  severity: "info" | "warning" | "critical";
  message: string;
  details: JsonObject;
};

/** How a tier is rolled out to organizations, and how it came there. */
export type TierSnapshot = {
  now: string;
  /** The last good value; null where none ever was. */
  in_force: Json;
  /** Whether that is what is stored. */
  is_valid: boolean;
  /** Of what is stored; null where nothing is. */
  revision: number | null;
  /** `app_config['tier_rollout_plan']` as it is stored. */
  plan: Json;
  /** The newest first; a value is null where the entry was deleted. */
  changes: { value: Json; changed_at: string; actor: string; reason: string | null }[];
};

export type RolloutStore = {
  readTierRollout(input: { tier: TierName }): Promise<TierSnapshot>;
  readRollout(): Promise<RolloutSnapshot>;
  /** `changed`: the stage was left meanwhile, and nothing was done. */
  settleRollout(input: {
    stage_id: string;
    percent: number;
    measures: JsonObject;
    verdict: JsonObject;
    is_good: boolean;
    is_completed: boolean;
    move: RolloutMove | null;
    raise: RolloutAlert[];
    resolve: string[];
  }): Promise<{ code: "settled"; moved: boolean } | { code: "changed" }>;
  /** By hand. `changed`: the percentage is another one by now. */
  moveRollout(input: {
    expected_percent: number;
    expected_stage_id: string;
    to_percent: number;
    outcome: "advanced" | "rolled_back" | null;
    pause: boolean;
    plan: PlanRepair | null;
    actor: string;
    reason: string;
  }): Promise<
    { code: "moved"; percent: number } | { code: "changed"; percent: number } | {
      code: "malformed";
    }
  >;
};

export type ConfigChangeRow = {
  id: string;
  key: string;
  operation: "insert" | "update" | "delete";
  actor: string;
  reason: string | null;
  value_before: Json;
  value_after: Json;
  changed_at: string;
};

export type ConfigStore = {
  /** `expected_revision: null` expects that there is no such key. */
  changeConfig(input: {
    key: string;
    value: Json;
    expected_revision: number | null;
    actor: string;
    reason: string;
  }): Promise<
    { code: "changed" | "unchanged"; revision: number } | {
      code: "conflict";
      revision: number | null;
    }
  >;
  /** The newest first; `before` is the id of the last one of the page before. */
  listConfigHistory(input: {
    key: string | null;
    before: string | null;
    limit: number;
  }): Promise<ConfigChangeRow[]>;
  /** `user_id` is whoever reverts, as the history is to name them. */
  revertConfig(input: { history_id: string; reason: string; user_id: string }): Promise<
    { code: "reverted" | "unchanged"; key: string; value: Json } | { code: "not_found" }
  >;
};

export type RolloutContactRow = {
  org_id: string;
  contact_id: string;
  rollout_key: string;
  name: string | null;
  phone: string | null;
  bsuid: string | null;
  /** All numbers and BSUIDs by which the contact is known now. */
  names: string[];
};

export type RolloutContactFinder = {
  findContacts(input: {
    contact_id: string | null;
    phone: string | null;
    bsuid: string | null;
    org_id: string | null;
  }): Promise<RolloutContactRow[]>;
};
