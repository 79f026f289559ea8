/** Voice agents: what a dashboard changes of them, their templates, and drift; `ports.ts` has the rest. */

import type {
  AgentRole,
  AgentRow,
  JsonObject,
  ProviderCall,
  SettingsRow,
  VoiceDefaults,
} from "./ports.ts";

/** By role: columns and their new values, and columns that go back to the template's default. */
export type AgentChanges = Partial<Record<AgentRole, { set: JsonObject; reset: string[] }>>;

/** The revisions that a change was made against; null for whatever is there. */
export type IfMatch = Partial<Record<AgentRole, number>> | null;

export type ChangedAgent = {
  role: AgentRole;
  id: string;
  revision: number;
  /** Columns. */
  changed: string[];
  created: boolean;
};
export type AgentsChanged = { code: "updated"; agents: ChangedAgent[]; vapi_connected: boolean };
/** Nothing was written; the revision is 0 where there is no agent. */
export type RevisionMismatch = { code: "revision_mismatch"; role: AgentRole; revision: number };

export type AgentTemplate = {
  id: string;
  key: string;
  language: string;
  role: AgentRole;
  name: string;
  description: string;
  /** Columns of an agent. */
  defaults: JsonObject;
  /** Columns of `organization_settings` that have to be filled in first. */
  required_settings: string[];
};

export type AgentRevision = {
  revision: number;
  /** A user's id, or what else changed it. */
  actor: string;
  actor_email: string | null;
  reason: string | null;
  changed: string[];
  before: JsonObject;
  after: JsonObject;
  created_at: string;
};

type Identity = { org_id: string; user_id: string; request_id: string };

export type AgentStore = {
  /** An agent that doesn't exist is made. */
  updateAgentBehavior(
    input: Identity & { if_match: IfMatch; reason: string | null; changes: AgentChanges },
  ): Promise<AgentsChanged | RevisionMismatch>;
  listAgentTemplates(input: { language: string | null }): Promise<AgentTemplate[]>;
  applyAgentTemplate(
    input: Identity & {
      role: AgentRole;
      template_key: string;
      language: string | null;
      if_match: IfMatch;
    },
  ): Promise<
    | AgentsChanged & { template: { id: string; key: string; language: string } }
    | RevisionMismatch
    | {
      code: "template_not_found";
      available: { role: AgentRole; key: string; language: string }[];
    }
    | { code: "settings_missing"; missing: string[] }
  >;
  /** Newest first; `next_before` asks for the page after. */
  readAgentHistory(input: {
    org_id: string;
    role: AgentRole;
    limit: number;
    before_revision: number | null;
  }): Promise<
    | { code: "read"; revisions: AgentRevision[]; next_before: number | null }
    | { code: "not_found" }
  >;
  rollbackAgent(
    input: Identity & { role: AgentRole; revision: number; if_match: IfMatch },
  ): Promise<AgentsChanged | RevisionMismatch | { code: "revision_not_found" }>;
  setAgentActivation(
    input: Identity & {
      role: AgentRole;
      state: "active" | "paused";
      /** Null: as it is. */
      mode: AgentRow["activation_mode"] | null;
    },
  ): Promise<
    | { code: "set"; agent: AgentRow; changed: boolean }
    | { code: "not_ready"; missing: string[] }
    | { code: "not_found" }
  >;
  listKnownAssistants(input: { org_id: string }): Promise<
    { role: AgentRole; agent_id: string; vapi_assistant_id: string | null }[]
  >;
  adoptAssistant(
    input: Identity & { role: AgentRole; vapi_assistant_id: string },
  ): Promise<
    | { code: "adopted"; agent_id: string; previous_assistant_id: string | null }
    | { code: "taken" | "not_found" }
    | { code: "held"; retry_after_seconds: number }
  >;
  /**
   * Who asked for it, written before it is done. `held` while a sync is at work or one before may have
   * made them, `known` when an agent has one of them: then nothing may be deleted.
   */
  recordOrphansDeleted(
    input: Identity & { assistant_ids: string[] },
  ): Promise<{ code: "recorded" | "held" | "known" }>;
};

/** A check under the lease of its agent's sync, so that the two never meet. */
export type DriftCheckRow = {
  org_id: string;
  role: AgentRole;
  fencing_token: number;
  /** `applied` is what was pushed last, without the webhook's headers. */
  agent: AgentRow & { applied: JsonObject | null };
  vapi: { fingerprint: string; ciphertext: string; key_id: string; public_config: JsonObject };
  settings: SettingsRow;
  voice_defaults: VoiceDefaults | null;
};

/** Where Vapi has something else than was applied, by path such as `voice.voiceId`. */
export type DriftDifference = { field: string; applied: unknown; actual: unknown };

export type DriftStore = {
  /** What is due, the longest unchecked first; at most 100. */
  claimDriftChecks(input: {
    limit: number;
    lease_seconds: number;
    worker_id: string;
  }): Promise<DriftCheckRow[]>;
  /** Gives the lease back. `sync_queued`: the agent is to be synced now. */
  recordDriftCheck(input: {
    org_id: string;
    role: AgentRole;
    request_id: string;
    fencing_token: number;
    outcome: "in_step" | "drifted" | "missing" | "failed";
    differences: DriftDifference[];
    repaired: boolean;
    error: string | null;
    duration_ms: number;
    provider_calls: ProviderCall[];
  }): Promise<
    | { code: "recorded"; policy: "repair" | "report"; sync_queued: boolean }
    | { code: "lease_lost" }
  >;
};
