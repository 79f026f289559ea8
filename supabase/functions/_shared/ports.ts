/**
 * What services need from the outside. `providers/` implement these; tests pass their own.
 * Rows keep the database's names, so that one word means one thing in SQL and in TypeScript.
 */

export type Json = string | number | boolean | null | Json[] | {
  [key: string]: Json;
};
export type JsonObject = { [key: string]: Json };
export type MemberRole = "owner" | "admin" | "member" | "viewer";
export type AgentRole = "inbound" | "outbound";
export const AGENT_ROLES = ["inbound", "outbound"] as const satisfies AgentRole[];
export type ProviderName = "vapi" | "twilio" | "whatsapp";
export const PROVIDER_NAMES = ["vapi", "twilio", "whatsapp"] as const satisfies ProviderName[];
/** Every provider that is called: those of a workspace, and the project's own language model. */
export type CalledProvider = ProviderName | "gemini" | "openai" | "legacy";
/** One request to a provider, counted per minute in `provider_call_stats`. */
export type ProviderCall = {
  provider: CalledProvider;
  operation: string;
  outcome:
    | "succeeded"
    | "refused"
    | "failed"
    | "timed_out"
    | "rejected_by_breaker";
  status: number | null;
  duration_ms: number;
};
export type RecordProviderCall = (call: ProviderCall) => void;
/** A voice agent: what the organization wants (desired) and what Vapi was last told (applied). */
export type AgentRow = {
  id: string;
  org_id: string;
  role: AgentRole;
  name: string;
  system_prompt: string;
  first_message: string;
  voice: string;
  voice_provider: string;
  voice_stability: number | null;
  voice_similarity_boost: number | null;
  language: string;
  /** seconds */
  max_call_duration: number;
  vapi_assistant_id: string | null;
  vapi_phone_number_id: string | null;
  state: "draft" | "active" | "paused" | "error";
  activation_mode: "limited" | "full";
  sync_status: "queued" | "synced" | "failed";
  applied_hash: string | null;
  applied_key_fingerprint: string | null;
  applied_revision: number | null;
  last_synced_at: string | null;
  sync_error: string | null;
  consecutive_failures: number;
  create_intended_at: string | null;
  revision: number;
  created_at: string;
  updated_at: string;
  /** What differs from the product's own model; from a template. */
  model?: Partial<VoiceDefaults["model"]> | null;
  /** Whether the assistant at Vapi still is what was applied. */
  drift_status?: "in_step" | "drifted" | "missing" | null;
  drift_checked_at?: string | null;
  drifted_at?: string | null;
  drift_differences?: { field: string; applied?: unknown; actual?: unknown }[] | null;
};
/** The part of `organization_settings` that voice needs; further columns are ignored. */
export type SettingsRow = {
  org_id: string;
  transfer_number: string | null;
  webhook_secret_version: number;
  /** Names of the registry of tools; empty where nothing in particular is enabled. */
  enabled_tools: string[];
  /** What agents are to know; absent where nothing of it is stored. */
  knowledge?: KnowledgeSettings;
};
/** How an organization's documents reach its assistants. */
export type KnowledgeSettings = {
  mode: "query_tool" | "own_index";
  has_documents: boolean;
  tool: { id: string; name: string; key_fingerprint: string } | null;
  /** Whose assistants are to have it. */
  roles: AgentRole[];
  /** Tools of ours that no assistant may hold any more. */
  retired_tool_ids: string[];
};
/** Models and voices are configuration (`app_config['voice_defaults']`): vendors retire them. */
export type VoiceDefaults = {
  model: { provider: string; model: string; temperature?: number };
  transcriber: { provider: string; model: string };
  voice: { provider: string; voiceId: string };
};

export type VapiPublicConfig = {
  number?: {
    phone_number_id: string;
    number: string;
    imported: boolean;
    previous: JsonObject | null;
    bound_at: string;
    /** The transfer number given to Vapi as the number's fallback destination. */
    fallback_number?: string;
    /** Of the `server` that was given to Vapi, which may hide its headers; left out for an assistant. */
    server_hash?: string;
    /** The assistant that calls go straight to; left out where our `server` decides for each call. */
    assistant_id?: string;
    /** Of the key to the account that it is bound in. */
    key_fingerprint?: string;
  };
  /** Why the number was not bound when it was last tried, for people. */
  push_error?: string;
};
export type TwilioPublicConfig = {
  account_sid: string;
  from_number: string;
  friendly_name: string;
};
export type WhatsappPublicConfig = {
  phone_number_id: string;
  business_account_id: string;
  display_phone_number: string;
  verified_name: string;
  quality_rating: string;
  subscribed_at?: string;
  has_app_secret: boolean;
  /** Why our app was not subscribed when it was last tried, for people. */
  push_error?: string;
};

export type VapiSecrets = { api_key: string };
export type TwilioSecrets = { auth_token: string };
export type WhatsappSecrets = {
  access_token: string;
  app_secret: string | null;
};
export type SecretsOf = {
  vapi: VapiSecrets;
  twilio: TwilioSecrets;
  whatsapp: WhatsappSecrets;
};

export type Sealed = { ciphertext: string; key_id: string };
/** Seals an integration's secrets as a JWE bound to its organization and provider. */
export type CredentialCipher = {
  seal<P extends ProviderName>(orgId: string, provider: P, secrets: SecretsOf[P]): Promise<Sealed>;
  /** @throws AppError `misconfigured` when no configured key opens it or it belongs elsewhere. */
  open<P extends ProviderName>(
    orgId: string,
    provider: P,
    sealed: Sealed,
  ): Promise<SecretsOf[P]>;
  /** The key that seals now. */
  currentKeyId: string;
};

export type IntegrationRow = {
  provider: ProviderName;
  connected: boolean;
  fingerprint: string | null;
  last_four: string | null;
  public_config: JsonObject;
  revision: number;
  last_checked_at?: string | null;
  last_error?: string | null;
  /** What a save left to be told to the provider; null when nothing is. */
  pending?: PendingStep | null;
};
export type PendingStep = "number_binding" | "webhook_subscription";
export type SealedIntegrationRow = IntegrationRow & {
  ciphertext: string | null;
  key_id: string | null;
};
// ---------------------------------------------------------------- requests

/** Keys of `app_config` by which a part of the product is rolled out, organization by organization. */
export const TIER_NAMES = [
  "workspace_tier_flags",
  "agent_tier_flags",
  "knowledge_tier_flags",
  "vapi_tier_flags",
] as const;
export type TierName = typeof TIER_NAMES[number];

export type AuthorizeInput = {
  user_id: string;
  org_id: string | null;
  operation: string;
  minimum_role: MemberRole;
  request_id: string;
  /** Whose rollout decides whether this organization may; null for reads. */
  tier: TierName | null;
  rate_limit: { capacity: number; refill_per_second: number } | null;
  idempotency:
    | { key: string; request_hash: string; ttl_seconds: number }
    | null;
};
export type AuthorizeResult =
  | { code: "authorized"; org_id: string; role: MemberRole }
  | {
    code: "organization_required";
    organizations: { org_id: string; name: string; role: MemberRole }[];
  }
  | { code: "forbidden"; reason: "not_member" | "role_too_low" }
  | { code: "tier_off" }
  | { code: "rate_limited"; retry_after_seconds: number }
  | {
    code: "replayed";
    org_id: string;
    role: MemberRole;
    response_status: number;
    response_body: JsonObject;
  }
  | { code: "in_progress"; retry_after_seconds: number }
  | { code: "idempotency_key_reused" };

export type RequestStore = {
  authorizeRequest(input: AuthorizeInput): Promise<AuthorizeResult>;
  /** `response_status: null` forgets the key, so that the request may be tried again. */
  completeRequest(input: {
    org_id: string;
    operation: string;
    idempotency_key: string;
    request_hash: string;
    response_status: number | null;
    response_body: JsonObject | null;
  }): Promise<void>;
};
// ---------------------------------------------------------------- workspace

export type BeginWorkspaceSaveResult =
  | {
    code: "began";
    fencing_token: number;
    integrations: SealedIntegrationRow[];
    agents: AgentRow[];
    settings: SettingsRow;
  }
  | { code: "busy"; retry_after_seconds: number };

/** What of the settings becomes different. */
export type SettingsChanges = { [name: string]: { from: Json; to: Json } };

export type StoreWorkspaceInput = {
  org_id: string;
  user_id: string;
  request_id: string;
  fencing_token: number;
  /** Finds out whether it could be stored, and stores nothing. */
  dry_run?: boolean;
  /** What isn't named stays as it is. */
  settings?: JsonObject;
  integrations: {
    provider: ProviderName;
    fingerprint: string;
    last_four: string;
    public_config: JsonObject;
    ciphertext: string;
    key_id: string;
  }[];
};
export type StoreWorkspaceResult =
  | {
    code: "stored";
    agents: { id: string; role: AgentRole; created: boolean }[];
    integrations: { provider: ProviderName; revision: number }[];
    settings?: SettingsChanges;
  }
  | { code: "storable"; settings?: SettingsChanges }
  | { code: "lease_lost" }
  | {
    code: "taken";
    provider: ProviderName;
    field:
      | "whatsapp_phone_number_id"
      | "whatsapp_business_account_id"
      | "twilio_from_number";
  };

export type FinishWorkspaceSaveInput = {
  org_id: string;
  user_id: string;
  request_id: string;
  fencing_token: number;
  operation:
    | "workspace_save"
    | "workspace_disconnect"
    | "workspace_push"
    | "number_bind"
    | "orphan_audit";
  outcome: "succeeded" | "partially_succeeded" | "failed" | "refused";
  duration_ms: number;
  details: JsonObject;
  integration_patches: {
    provider: ProviderName;
    public_config_patch: JsonObject;
  }[];
  provider_calls: ProviderCall[];
};

export type WorkspaceStore = {
  beginWorkspaceSave(input: {
    org_id: string;
    user_id: string;
    request_id: string;
    lease_seconds: number;
  }): Promise<BeginWorkspaceSaveResult>;
  storeWorkspace(input: StoreWorkspaceInput): Promise<StoreWorkspaceResult>;
  finishWorkspaceSave(
    input: FinishWorkspaceSaveInput,
  ): Promise<{ code: "finished" | "lease_lost" }>;
  readWorkspace(input: { org_id: string }): Promise<{
    integrations: IntegrationRow[];
    agents: AgentRow[];
  }>;
  disconnectIntegration(input: {
    org_id: string;
    user_id: string;
    request_id: string;
    fencing_token: number;
    provider: ProviderName;
  }): Promise<{ code: "disconnected" | "not_connected" | "lease_lost" }>;
};
// ---------------------------------------------------------------- agent sync

export type ClaimAgentSyncResult =
  | {
    code: "claimed";
    fencing_token: number;
    agent: AgentRow;
    vapi: {
      fingerprint: string;
      ciphertext: string;
      key_id: string;
      public_config: JsonObject;
    };
    settings: SettingsRow;
    voice_defaults: VoiceDefaults | null;
    /** The last holder's lease ran out instead of being given back: what it pushed is unknown. */
    interrupted?: boolean;
  }
  | { code: "held"; retry_after_seconds: number }
  | { code: "not_connected"; agent: AgentRow }
  | { code: "not_found" };

/** The same state as a claim's, read without a lease. */
export type ReadAgentSyncResult =
  | {
    code: "read";
    agent: AgentRow;
    vapi: {
      fingerprint: string;
      ciphertext: string;
      key_id: string;
      public_config: JsonObject;
    };
    settings: SettingsRow;
    voice_defaults: VoiceDefaults | null;
  }
  | { code: "not_connected"; agent: AgentRow }
  | { code: "not_found" };

export type RecordAgentSyncInput = {
  org_id: string;
  role: AgentRole;
  request_id: string;
  fencing_token: number;
  outcome: "synced" | "unchanged" | "failed";
  revision: number;
  vapi_assistant_id: string | null;
  applied_hash: string | null;
  applied_key_fingerprint: string | null;
  /** What was pushed, without the webhook's headers. */
  applied: JsonObject | null;
  actions: string[];
  error: string | null;
  duration_ms: number;
  provider_calls: ProviderCall[];
};

export type AgentSyncStore = {
  claimAgentSync(input: {
    org_id: string;
    role: AgentRole;
    request_id: string;
    lease_seconds: number;
  }): Promise<ClaimAgentSyncResult>;
  /** For a dry run, and for a holder that goes on with what changed meanwhile. */
  readAgentSync(
    input: { org_id: string; role: AgentRole },
  ): Promise<ReadAgentSyncResult>;
  recordCreateIntent(input: {
    org_id: string;
    role: AgentRole;
    fencing_token: number;
  }): Promise<
    | {
      code: "recorded";
      previous_intent_at: string | null;
      intended_at: string;
    }
    | { code: "lease_lost" }
  >;
  /**
   * `again`: the desired state moved meanwhile; the lease is kept and the holder goes on.
   * `state_changed`: it failed too often and was taken out of service.
   */
  recordAgentSync(
    input: RecordAgentSyncInput,
  ): Promise<
    | { code: "recorded"; again: boolean; state_changed?: boolean }
    | { code: "lease_lost" }
  >;
  readSyncStatus(input: { org_id: string }): Promise<{ agents: AgentRow[]; queued_jobs: number }>;
};
// ---------------------------------------------------------------- credentials

export type CredentialStore = {
  readCredential(input: { org_id: string; provider: ProviderName }): Promise<
    | { code: "read"; fingerprint: string; public_config: JsonObject } & Sealed
    | { code: "not_connected" }
  >;
  recordCredentialCheck(input: {
    org_id: string;
    provider: ProviderName;
    fingerprint: string;
    succeeded: boolean;
    error: string | null;
    provider_calls: ProviderCall[];
  }): Promise<{ code: "recorded" | "superseded" }>;
  listCredentials(input: {
    after: { org_id: string; provider: ProviderName } | null;
    limit: number;
    except_key_id: string;
  }): Promise<({ org_id: string; provider: ProviderName } & Sealed)[]>;
  replaceCredential(
    input: {
      org_id: string;
      provider: ProviderName;
      expected_ciphertext: string;
    } & Sealed,
  ): Promise<{ code: "replaced" | "changed" }>;
};
// ---------------------------------------------------------------- jobs

export const JOB_KINDS = [
  "sync_agent",
  "push_workspace",
  "verify_credentials",
  "expire_rows",
  "check_drift",
  "finish_turns",
  "send_outbox",
  "expire_messages",
  "upload_recordings",
  "reconcile_calls",
  "expire_calls",
  "place_calls",
  "prepare_knowledge",
  "embed_knowledge",
  "clean_knowledge",
  "sync_knowledge",
  "forward_deliveries",
  "aggregate_metrics",
  "advance_rollout",
  "evaluate_alerts",
  "deliver_alerts",
] as const;
export type JobKind = typeof JOB_KINDS[number];
export type JobRow = {
  id: string;
  kind: JobKind;
  org_id: string | null;
  payload: JsonObject;
  attempts: number;
  fencing_token: number;
};

export type JobStore = {
  queueDueJobs(input: { kind: JobKind }): Promise<{ count: number }>;
  claimJobs(input: {
    kind: JobKind;
    limit: number;
    lease_seconds: number;
    worker_id: string;
  }): Promise<JobRow[]>;
  completeJob(input: {
    id: string;
    fencing_token: number;
    outcome: "completed" | "failed";
    error: string | null;
    retry_after_seconds: number | null;
    provider_calls: ProviderCall[];
  }): Promise<{ code: "recorded"; state: string } | { code: "lease_lost" }>;
  recordHeartbeat(input: {
    kind: JobKind;
    worker_id: string;
    request_id: string;
    phase: "started" | "completed" | "failed";
    duration_ms: number | null;
    details: JsonObject;
  }): Promise<void>;
  expireRows(input: { limit: number }): Promise<JsonObject>;
  /** Audit, counts, resolved alerts and finished rows that are older than their retention. */
  expireHistory(input: { limit: number }): Promise<JsonObject>;
};

export type HealthSnapshot = {
  database_size_mb: number;
  background_jobs: {
    last_heartbeat_at: string | null;
    seconds_since_heartbeat: number | null;
    queued: number;
    oldest_queued_seconds: number | null;
    dead_lettered: number;
  };
  flags_valid: boolean;
  /** Only where it was asked for. */
  control?: ControlState;
};
/** What is switched on, without the people and organizations that are named in it. */
export type ControlState = {
  /** The flags in force; null before there were any. */
  flags: JsonObject | null;
  /** Since when they are in force. */
  changed_at: string | null;
  open_alerts: { critical: number; warning: number; info: number };
  /** Alert rules that can't be looked at, and so see nothing. */
  failed_alert_rules: string[];
};
export type HealthStore = {
  readHealth(options: { signal: AbortSignal }): Promise<HealthSnapshot>;
};
/** What a release needs of the database. Null is what it has no such thing of. */
export type ReadinessSnapshot = {
  /** Of the last migration that was applied: 14 digits. */
  schema_version: string | null;
  /** Active lines of the clock that call the worker. */
  cron_lines: number | null;
  /** Of those names that the clock looks for in the vault. */
  vault_names: string[] | null;
  seconds_since_heartbeat: number | null;
};
export type ReadinessStore = {
  readReadiness(options: { signal: AbortSignal }): Promise<ReadinessSnapshot>;
};
// ---------------------------------------------------------------- Vapi
/** Vapi's remote object, reduced to what a sync writes and compares; unknown members are kept. */
export type Assistant =
  & { id: string; createdAt: string; metadata?: JsonObject }
  & {
    [field: string]: unknown;
  };
export type AssistantBody = JsonObject;
export type VapiPhoneNumber = {
  id: string;
  number: string | null;
  provider: string;
  assistantId: string | null;
  server: JsonObject | null;
  fallbackDestination: JsonObject | null;
  name?: string;
};
/** Every method throws ProviderError; `null` means the object does not exist (404). */
export type Vapi = {
  verifyKey(): Promise<void>;
  getAssistant(id: string): Promise<Assistant | null>;
  /** One page, at most 1,000. */
  listAssistants(
    query: { createdAtGt?: string; createdAtLe?: string; limit: number },
  ): Promise<Assistant[]>;
  createAssistant(body: AssistantBody): Promise<Assistant>;
  updateAssistant(id: string, body: AssistantBody): Promise<Assistant | null>;
  /** One that is gone already is as good as deleted. */
  deleteAssistant(id: string): Promise<void>;
  listPhoneNumbers(): Promise<VapiPhoneNumber[]>;
  importPhoneNumber(body: JsonObject): Promise<VapiPhoneNumber>;
  updatePhoneNumber(id: string, body: JsonObject): Promise<VapiPhoneNumber | null>;
  deletePhoneNumber(id: string): Promise<void>;
};

export type Twilio = {
  /** Never returns the account's token, which Twilio's answer contains. */
  readAccount(): Promise<{ sid: string; status: string; friendly_name: string }>;
  findNumber(phoneNumber: string): Promise<{ phone_number: string; voice: boolean } | null>;
};

export type Whatsapp = {
  readPhoneNumber(phoneNumberId: string): Promise<{
    id: string;
    display_phone_number: string;
    verified_name: string;
    quality_rating: string;
  }>;
  /** Checks that the number belongs to the business account (WABA). */
  readBusinessAccount(id: string): Promise<{ id: string; phone_number_ids: string[] }>;
  subscribe(businessAccountId: string): Promise<void>;
  readSubscriptions(businessAccountId: string): Promise<{ app_id: string }[]>;
  unsubscribe(businessAccountId: string): Promise<void>;
};

export type ConnectOptions = {
  /** Ends every request of this client, one that waits for its next attempt included. */
  signal?: AbortSignal;
};
/** Clients are made per organization, because their credentials, breakers and counts are. */
export type Connect = {
  vapi(
    secrets: VapiSecrets,
    record: RecordProviderCall,
    options?: ConnectOptions,
  ): Vapi;
  twilio(
    secrets: TwilioSecrets & { account_sid: string },
    record: RecordProviderCall,
    options?: ConnectOptions,
  ): Twilio;
  whatsapp(
    secrets: WhatsappSecrets,
    record: RecordProviderCall,
    options?: ConnectOptions,
  ): Whatsapp;
};
// ---------------------------------------------------------------- surroundings

/** Milliseconds since 1970, as `Date.now`. */
export type Clock = () => number;

export type LogFields = { [key: string]: unknown };
export type Logger = {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  critical(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  with(fields: LogFields): Logger;
};
/** Work that may outlive the response; on the platform `EdgeRuntime.waitUntil`. */
export type WaitUntil = (work: Promise<unknown>) => void;
