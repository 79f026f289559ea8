/** What bringing the knowledge base to Vapi needs from the outside; `ports.ts` has the rest. */

import type {
  AgentRole,
  Connect,
  ConnectOptions,
  JsonObject,
  ProviderCall,
  RecordProviderCall,
  Vapi,
  VapiSecrets,
} from "./ports.ts";
import type { KnowledgeAnswer, KnowledgeCategory, KnowledgeQuery } from "./ports_knowledge.ts";

/** What an organization's active documents say; on the phone and in chats somebody waits for it. */
export type SearchKnowledge = (
  query: KnowledgeQuery,
  options?: { signal?: AbortSignal },
) => Promise<KnowledgeAnswer>;

// ---------------------------------------------------------------- Vapi

export type VapiFile = {
  id: string;
  status: "processing" | "done" | "failed";
  createdAt: string;
  metadata: JsonObject;
};
export type VapiTool = {
  id: string;
  type: string;
  createdAt: string;
  /** `function.name` */
  name: string | null;
  knowledgeBases: { name: string; fileIds: string[] }[];
};

/** Every method throws ProviderError; `null` means the object does not exist (404). */
export type VapiKnowledge = {
  uploadFile(file: {
    name: string;
    content: string;
    mimeType: string;
    metadata: JsonObject;
  }): Promise<VapiFile>;
  getFile(id: string): Promise<VapiFile | null>;
  /** All that were uploaded as ours are. */
  listFiles(): Promise<VapiFile[]>;
  /** One that is gone already is as good as deleted. */
  deleteFile(id: string): Promise<void>;
  /** One page, at most 1,000. */
  listTools(query: { createdAtGt?: string; limit: number }): Promise<VapiTool[]>;
  getTool(id: string): Promise<VapiTool | null>;
  createTool(body: JsonObject): Promise<VapiTool>;
  updateTool(id: string, body: JsonObject): Promise<VapiTool | null>;
  deleteTool(id: string): Promise<void>;
};

export type ConnectKnowledge = Omit<Connect, "vapi"> & {
  vapi(
    secrets: VapiSecrets,
    record: RecordProviderCall,
    options?: ConnectOptions,
  ): Vapi & VapiKnowledge;
};

// ---------------------------------------------------------------- what is wanted and what is there

export type WantedDocument = {
  id: string;
  title: string;
  category: KnowledgeCategory;
  content_hash: string;
  /** Of the text that Vapi answered from last; null where it never did. */
  served_hash: string | null;
  bytes: number;
};

/** A text that Vapi has, or is about to have, as a file. */
export type KnowledgeFile = {
  id: string;
  content_hash: string;
  vapi_file_id: string | null;
  /** Of the key to the account that it is in. */
  key_fingerprint: string;
  state: "intended" | "processing" | "done" | "failed";
  error: string | null;
  /** Its upload's answer was lost less than a day ago: it may still come into being. */
  awaited?: boolean;
};

export type KnowledgeMode = "query_tool" | "own_index";

/** What is left of the organization's share of calls in this minute, and how long the minute lasts. */
export type CallsLeft = { calls_left: number; wait_seconds: number };

export type KnowledgeSyncState = CallsLeft & {
  documents: WantedDocument[];
  files: KnowledgeFile[];
  sync: {
    tool_name: string;
    assistant_roles: AgentRole[];
    tool_id: string | null;
    tool_hash: string | null;
    key_fingerprint: string | null;
    /** The oldest create whose outcome is unknown. */
    tool_intended_at: string | null;
    retired_tool_ids: string[];
  };
  agents: { role: AgentRole; vapi_assistant_id: string | null }[];
  mode: KnowledgeMode;
  vapi: { fingerprint: string; ciphertext: string; key_id: string; public_config: JsonObject };
  /** Of all that is wanted. */
  hash: string;
};

export type Wish = { tool_name: string | null; assistant_roles: AgentRole[] | null };
type Lease = { org_id: string; fencing_token: number };
type LeaseLost = { code: "lease_lost" };

export type ClaimKnowledgeSyncResult =
  | KnowledgeSyncState & {
    code: "claimed";
    fencing_token: number;
    sync_id: string;
    /** Nobody has looked at Vapi for a day. */
    verify: boolean;
  }
  | { code: "held"; sync_id: string | null; retry_after_seconds: number }
  | { code: "too_soon"; retry_after_seconds: number }
  | { code: "agents_missing"; roles: AgentRole[] }
  | { code: "unchanged" | "not_connected" };

export type KnowledgeSyncStore = {
  claimKnowledgeSync(
    input: Wish & {
      org_id: string;
      user_id: string;
      request_id: string;
      lease_seconds: number;
      started_by: "request" | "worker";
    },
  ): Promise<ClaimKnowledgeSyncResult>;
  readKnowledgeSync(
    input: Wish & { org_id: string },
  ): Promise<KnowledgeSyncState & { code: "read" } | { code: "not_connected" }>;
  intendKnowledgeFiles(
    input: Lease & { key_fingerprint: string; content_hashes: string[] },
  ): Promise<
    | CallsLeft & {
      code: "intended";
      files: { id: string; content_hash: string; title: string; content: string }[];
    }
    | LeaseLost
  >;
  recordKnowledgeFiles(
    input: Lease & {
      files: Omit<KnowledgeFile, "content_hash">[];
      forgotten: string[];
      progress: JsonObject;
      provider_calls: ProviderCall[];
    },
  ): Promise<CallsLeft & { code: "recorded" } | LeaseLost>;
  intendKnowledgeTool(
    input: Lease,
  ): Promise<
    { code: "recorded"; previous_intent_at: string | null; intended_at: string } | LeaseLost
  >;
  recordKnowledgeTool(
    input: Lease & {
      tool_id: string | null;
      tool_hash: string | null;
      key_fingerprint: string;
      retired_tool_ids: string[];
      provider_calls: ProviderCall[];
    },
  ): Promise<{ code: "recorded" } | LeaseLost>;
  recordRetiredTools(
    input: Lease & { retired_tool_ids: string[]; provider_calls: ProviderCall[] },
  ): Promise<{ code: "recorded" } | LeaseLost>;
  finishKnowledgeSync(
    input: Lease & {
      sync_id: string;
      request_id: string;
      hash: string;
      outcome: "succeeded" | "partially_succeeded" | "failed";
      counts: JsonObject;
      error: string | null;
      duration_ms: number;
      /** Something is left for the worker: at once where this sync got on, else after a pause. */
      unfinished: boolean;
      progressed: boolean;
      /** The worker tries again after a pause. */
      retry: boolean;
      /** Whether this holder goes round once more where what is wanted has moved. */
      again_allowed: boolean;
      provider_calls: ProviderCall[];
    },
  ): Promise<{ code: "recorded"; again: boolean } | LeaseLost>;
  readKnowledgeSyncStatus(input: { org_id: string }): Promise<KnowledgeSyncStatus>;
};

export type KnowledgeSyncStatus = {
  connected: boolean;
  sync: {
    state: "queued" | "running" | "synced" | "partially_synced" | "failed";
    tool_id: string | null;
    tool_name: string;
    assistant_roles: AgentRole[];
    sync_id: string | null;
    progress: JsonObject;
    error: string | null;
    due_at: string | null;
    last_synced_at: string | null;
    /** Something is wanted that the last sync did not have. */
    changed: boolean;
  } | null;
  documents: {
    id: string;
    title: string;
    vapi_file_id: string | null;
    state: KnowledgeFile["state"] | "waiting";
    error: string | null;
  }[];
  log: {
    id: string;
    started_by: "request" | "worker";
    state: string;
    counts: JsonObject;
    error: string | null;
    duration_ms: number | null;
    started_at: string;
    completed_at: string | null;
  }[];
};
