/** What the services of calls need from the outside; `ports.ts` has the rest. */

import type { CallState } from "./domain/call_state/call_states.ts";
import type { AgentRow, Json, JsonObject, ProviderCall, Sealed } from "./ports.ts";
import type { EffectRefusal } from "./ports_agents.ts";

export type CallDirection = "inbound" | "outbound" | "web";

/** What a message says about the call it belongs to; never which organization that is. */
export type CallIdentity = {
  /** The provider's id, at most 256 characters. */
  id: string;
  assistant_id: string | null;
  phone_number_id: string | null;
  /** Our number, as the provider writes it. */
  dialled_number: string | null;
  direction: CallDirection | null;
  /** The other party. */
  customer_number: string | null;
  customer_name: string | null;
  /** What we called it when we placed it; absent where nobody named it. */
  name?: string;
};

export type CallStatus =
  | "scheduled"
  | "queued"
  | "ringing"
  | "in-progress"
  | "forwarding"
  | "ended";

/** What is known once a call is over. Times are ISO, money is US dollars. */
export type CallReport = {
  ended_reason: string | null;
  started_at: string | null;
  ended_at: string | null;
  duration_seconds: number | null;
  cost: number | null;
  cost_breakdown: JsonObject | null;
  summary: string | null;
  success_evaluation: string | null;
  structured_data: JsonObject | null;
  /** At most 1,000,000 characters. */
  transcript: string | null;
  recording_url: string | null;
};

/** One tool call as it was asked; `arguments` is null where they can't be read. */
export type ToolCallAsked = {
  /** Null where the message has none, so that it can't be answered only once. */
  id: string | null;
  name: string;
  arguments: JsonObject | null;
};

type Message<Kind extends string, Extra = unknown> = {
  kind: Kind;
  /** The type as it was sent, at most 100 characters; what is counted. */
  type: string;
  call: CallIdentity | null;
  occurred_at: string | null;
} & Extra;

/** A message from the voice provider, in our words. */
export type CallMessage =
  | Message<"assistant-request">
  | Message<"tool-calls", { tool_calls: ToolCallAsked[] }>
  | Message<"transfer-destination-request">
  | Message<"handoff-destination-request">
  | Message<"knowledge-base-request", { question: string | null }>
  | Message<"status-update", { status: CallStatus; ended_reason: string | null }>
  | Message<"end-of-call-report", { report: CallReport; authority: ReportAuthority }>
  | Message<"hang">
  | Message<"transfer-update", { forwarded_to: string | null }>
  | Message<"other">;
export type CallMessageKind = CallMessage["kind"];

/** 1: an older integration's event, or what was fetched afterwards; 2: the end-of-call report. */
export type ReportAuthority = 1 | 2;

export type CallOutcome =
  | "completed"
  | "transferred"
  | "voicemail"
  | "missed"
  | "failed"
  | "unknown";

/** What an event does to a call; merged, never assigned, so that its order doesn't matter. */
export type CallChange = {
  state?: CallState;
  at?: string | null;
  answered_at?: string | null;
  ended_at?: string | null;
  ended_reason?: string | null;
  ended_authority?: ReportAuthority;
  outcome?: CallOutcome;
  duration_seconds?: number | null;
  hung_at?: string | null;
  transfer_requested_at?: string | null;
  forwarded_to?: string | null;
};

export type CallContent = {
  authority: ReportAuthority;
  summary?: string | null;
  transcript?: string | null;
  structured_data?: JsonObject | null;
  success_evaluation?: string | null;
  cost?: number | null;
  cost_breakdown?: JsonObject | null;
  recording_url?: string | null;
};

/** What a message does, whoever applies it. */
export type CallEffect = {
  /** Null: nothing that must happen only once. */
  event_id: string | null;
  change: CallChange | null;
  report: { content: CallContent; missed: boolean } | null;
};

/** The settings that answering a call looks at. */
export type CallSettings = {
  business_hours: JsonObject;
  time_zone: string;
  language: string;
  fallback_text: string;
  transfer_number: string | null;
  test_numbers: string[];
  enabled_tools: string[];
  /** ISO 4217; what prices are in where nobody says otherwise. */
  currency?: string;
  /** What answers on the phone: a tool of the provider's, or our own index, which it asks. */
  phone_knowledge_mode: "query_tool" | "own_index";
};

export type CallRow = {
  id: string;
  vapi_call_id: string;
  direction: CallDirection;
  state: CallState;
  contact_id: string | null;
  phone_number: string | null;
};

export type StoredToolResult = {
  tool_call_id: string;
  tool: string;
  result: string | null;
  error: string | null;
};

/** A tool call that was answered with the question to confirm it. */
export type AskedQuestion = { tool_call_id: string; tool: string; arguments: JsonObject };

export type AnsweringAgent = Pick<
  AgentRow,
  "id" | "role" | "state" | "activation_mode" | "vapi_assistant_id"
>;

/** What answering needs, from the same round trip that stored the event. */
export type CallContext = {
  call: CallRow | null;
  agent: AnsweringAgent | null;
  settings: CallSettings;
  /** `app_config` rows by key, as they are. */
  flags: JsonObject;
  whatsapp_connected: boolean;
  stored_results: StoredToolResult[];
  /** The latest of this call whose yes wasn't taken yet, where tools are asked for. */
  questions: AskedQuestion[];
  /** What the caller's chats have learnt of them; `rollout_key` decides whether it is shared. */
  preferences: { rollout_key: string; values: JsonObject } | null;
};

/** What a message is answered with; the provider's words for it are made at the edge. */
export type CallAnswer =
  | { kind: "acknowledged" }
  | { kind: "assistant"; assistantId: string }
  /** Said to the caller, then the call ends. */
  | { kind: "spoken"; text: string }
  | { kind: "transfer"; number: string; message: string | null }
  | { kind: "transfer-refused"; text: string }
  | { kind: "tool-results"; results: StoredToolResult[] }
  | { kind: "documents"; documents: { content: string; similarity: number; uuid?: string }[] };

/** The provider's JSON, read and written; nothing else knows it. */
export type CallMessages = {
  /** Never throws. */
  normalise(body: unknown): CallMessage;
  /** A body as a row can keep it: null where it is too large or nested too deep. */
  copy(body: unknown): Json;
  render(answer: CallAnswer): JsonObject;
};

/** Who signed a message: an organization's own secret, or the whole account's. */
export type WebhookSigner =
  | { kind: "organization"; orgId: string; secretVersion: number }
  | { kind: "account" };
/** Or an operator, who runs again what was verified when it came. */
export type CallSigner = WebhookSigner | { kind: "operator"; orgId: string };

export type IngestInput = {
  request_id: string;
  org_id: string | null;
  secret_version: number | null;
  event: { id: string | null; type: string };
  answer: boolean;
  call: CallIdentity | null;
  change: CallChange | null;
  report: CallEffect["report"];
  tool_call_ids: string[];
};
export type IngestResult =
  | { code: "ingested" | "duplicate"; org_id: string; context: CallContext | null }
  | { code: "secret_superseded" | "foreign_call"; org_id: string }
  | { code: "organization_unknown" };

export type RecordToolCallsInput = {
  org_id: string;
  vapi_call_id: string;
  request_id: string;
  tool_calls: {
    tool_call_id: string;
    tool: string;
    arguments: JsonObject;
    result: string | null;
    error: string | null;
    duration_ms: number;
    effects: JsonObject[];
    /** The questions of this call that were said yes to, by their tool calls. */
    confirms: string[];
  }[];
};

/** Every call is idempotent; an aborted signal ends it. */
export type CallStore = {
  /** `retries`: for what nobody sends again, such as a question that a caller waits on. */
  ingest(
    input: IngestInput,
    options?: { signal?: AbortSignal; retries?: boolean },
  ): Promise<IngestResult>;
  recordToolCalls(
    input: RecordToolCallsInput,
    options?: { signal?: AbortSignal },
  ): Promise<
    | {
      code: "recorded";
      /** With refusals nothing of that tool call was kept: it may be decided and recorded anew. */
      results: (StoredToolResult & { replayed: boolean; refusals?: EffectRefusal[] })[];
    }
    | { code: "call_unknown" }
  >;
  /** An event that the database refuses; after `max_attempts` it is a dead letter. */
  recordFailedEvent(input: {
    org_id: string | null;
    call: CallIdentity | null;
    event_id: string;
    event_type: string;
    reason: string;
    payload: JsonObject;
    max_attempts: number;
  }): Promise<
    | { code: "recorded"; attempts: number; dead_lettered: boolean }
    | { code: "organization_unknown" }
  >;
  /** Signed bytes that can't be read, or that belong to nobody: kept, and a person is told. */
  recordUnreadable(input: {
    org_id: string | null;
    reason: "not_json" | "organization_unknown";
    body: Uint8Array;
  }): Promise<void>;
};

// ---------------------------------------------------------------- recordings

export type ClaimedRecording = {
  id: string;
  org_id: string;
  vapi_call_id: string;
  source_url: string;
  attempts: number;
  fencing_token: number;
};

export type RecordingStore = {
  claimRecordings(input: {
    limit: number;
    lease_seconds: number;
    max_attempts: number;
  }): Promise<ClaimedRecording[]>;
  recordRecording(input: {
    id: string;
    fencing_token: number;
    outcome: "uploaded" | "failed" | "refused";
    storage_path: string | null;
    content_type: string | null;
    size_bytes: number | null;
    error: string | null;
    max_attempts: number;
  }): Promise<{ code: "recorded"; state: string } | { code: "lease_lost" }>;
  readRecording(input: { org_id: string; vapi_call_id: string }): Promise<
    | { code: "read"; storage_path: string }
    | { code: "not_stored"; state: string | null }
    | { code: "not_found" }
  >;
};

export type RecordingDownload = {
  body: ReadableStream<Uint8Array>;
  contentType: string;
  /** Bytes, where the host says so. */
  length: number | null;
};
/** @throws AppError `forbidden` for an address that may not be fetched, `payload_too_large` */
export type DownloadRecording = (
  url: string,
  options: { signal: AbortSignal },
) => Promise<RecordingDownload>;

export type RecordingStorage = {
  /** Overwrites: an upload that was interrupted is done again. Answers the bytes stored. */
  upload(
    path: string,
    download: RecordingDownload,
    options: { signal: AbortSignal },
  ): Promise<{ size_bytes: number }>;
  createSignedUrl(path: string, options: { expiresInSeconds: number }): Promise<string>;
  /** What isn't there is no error. */
  remove(paths: string[]): Promise<void>;
};

export type CallExpiryStore = {
  /** At most `limit` rows of each table; a call stays until its recording is gone from Storage. */
  expireCalls(input: { limit: number }): Promise<{ deleted: number; recordings: string[] }>;
  forgetRecordings(input: { storage_paths: string[] }): Promise<void>;
};

// ---------------------------------------------------------------- reconciliation

export type StaleCall = {
  id: string;
  org_id: string;
  vapi_call_id: string;
  state: CallState;
  direction: CallDirection;
  created_at: string;
  attempts: number;
  fencing_token: number;
  /** Null where the account is no longer connected. */
  vapi: ({ fingerprint: string; public_config: JsonObject } & Sealed) | null;
};

/** A call as the provider tells it when asked. */
export type FetchedCall = {
  status: CallStatus | null;
  direction: CallDirection | null;
  report: CallReport;
};
/** `null`: the provider doesn't know the call. Throws ProviderError. */
export type FetchCall = (
  secrets: { api_key: string },
  id: string,
  record: (call: ProviderCall) => void,
) => Promise<FetchedCall | null>;

export type ReconciliationStore = {
  claimStaleCalls(input: { limit: number; lease_seconds: number }): Promise<StaleCall[]>;
  recordReconciliation(input: {
    id: string;
    fencing_token: number;
    outcome: "closed" | "in_progress" | "failed";
    report: { change: CallChange; content: CallContent; missed: boolean } | null;
    error: string | null;
    max_attempts: number;
    provider_calls: ProviderCall[];
  }): Promise<{ code: "recorded"; state: CallState } | { code: "lease_lost" }>;
};
