import {
  type AssistantStatus,
  describeOutcome,
  type DocumentStatus,
} from "../domain/knowledge_sync/describe_outcome.ts";
import { AppError, ProviderError } from "../errors.ts";
import type { AgentRole, JsonObject } from "../ports.ts";
import type { KnowledgeSyncState, WantedDocument } from "../ports_knowledge_sync.ts";
import type { SyncAgentResult } from "./describe_sync.ts";
import { type HeldKnowledge, recordFiles } from "./hold_knowledge.ts";
import { type PushedFiles, pushKnowledgeFiles } from "./push_knowledge_files.ts";
import { type PushedTool, pushKnowledgeTool } from "./push_knowledge_tool.ts";
import { removeKnowledge } from "./remove_knowledge.ts";

export type DocumentResult = {
  id: string;
  title: string;
  status: DocumentStatus;
  fileId?: string;
  error?: string;
};
export type AssistantResult = { role: AgentRole; status: AssistantStatus; error?: string };
export type PushedKnowledge = {
  outcome: "succeeded" | "partially_succeeded" | "failed";
  toolId: string | null;
  documents: DocumentResult[];
  assistants: AssistantResult[];
  counts: JsonObject;
  /** For people; null where nothing went wrong. */
  error: string | null;
  /** Something is left for the worker. */
  unfinished: boolean;
  /** Something is further than before, or Vapi is still reading: going on makes sense. */
  progressed: boolean;
  /** What failed may well succeed later. */
  retry: boolean;
  failure: unknown;
};

/** Syncs the agents of these roles: their desired state has the tool from here on. */
export type SyncHolders = (roles: AgentRole[]) => Promise<SyncAgentResult[]>;

/**
 * One round, in this order: files, tool, assistants, and only then what has to go. Never throws but
 * for a lost lease: what could be done is done, the rest is in the result.
 * @param verify looks at what is there although nothing changed here
 * @throws AppError `conflict`
 */
export async function pushKnowledge(
  held: HeldKnowledge,
  { state, verify, syncHolders }: {
    state: KnowledgeSyncState;
    verify: boolean;
    syncHolders: SyncHolders;
  },
): Promise<PushedKnowledge> {
  const documents = state.mode === "query_tool" ? state.documents : [];
  let files: PushedFiles | null = null;
  let tool: PushedTool | null = null;
  let agents: SyncAgentResult[] = [];
  let removed = { files: 0, problems: [] as string[], unfinished: false };
  let failure: unknown = null;
  try {
    files = await pushKnowledgeFiles(held, { documents, rows: state.files, verify });
    try {
      tool = await pushKnowledgeTool(held, { state, documents, files, verify });
    } catch (error) {
      if (verify || !isRefusal(error)) throw error;
      // It may name a file that was deleted there: look, and make that again.
      files = await pushKnowledgeFiles(held, { documents, rows: files.files, verify: true });
      tool = await pushKnowledgeTool(held, { state, documents, files, verify: true });
    }
    await recordFiles(held, { progress: { phase: "attaching" } });
    agents = await syncHolders(
      state.agents.flatMap(({ role, vapi_assistant_id: id }) => id === null ? [] : [role]),
    );
    await recordFiles(held, { progress: { phase: "removing" } });
    const detached = agents.every(({ status }) => status === "synced" || status === "unchanged");
    removed = await removeKnowledge(held, { tool, files, detached });
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict") throw error;
    failure = error;
  }
  return describe(held, { state, files, tool, agents, removed, failure });
}

function isRefusal(error: unknown): boolean {
  return error instanceof ProviderError && error.failure === "refused";
}

function describe(
  held: HeldKnowledge,
  { state, files, tool, agents, removed, failure }: {
    state: KnowledgeSyncState;
    files: PushedFiles | null;
    tool: PushedTool | null;
    agents: SyncAgentResult[];
    removed: { files: number; problems: string[]; unfinished: boolean };
    failure: unknown;
  },
): PushedKnowledge {
  const problems = [...files?.problems ?? [], ...removed.problems];
  const documents = state.documents.map((document) =>
    describeDocument(document, { indexed: state.mode === "own_index", files, tool })
  );
  const missing = state.sync.assistant_roles.filter((role) =>
    !state.agents.some((agent) => agent.role === role && agent.vapi_assistant_id !== null)
  );
  const assistants = state.sync.assistant_roles.map((role) =>
    missing.includes(role)
      ? { role, status: "failed" as const, error: "it has no assistant at Vapi yet" }
      : describeAssistant(role, agents)
  );
  // Those that are to lose it count as well.
  const others = agents.filter(({ role }) => !state.sync.assistant_roles.includes(role))
    .map(({ status }) => ({ status: status === "failed" ? "failed" as const : "synced" as const }));
  const unfinished = failure === null && held.stopped === null &&
    (removed.unfinished || documents.some(({ status }) => status === "pending") ||
      assistants.some(({ status }) => status === "queued"));
  const error = describeFailure(failure) ?? held.stopped?.reason ?? problems[0] ??
    assistants.find((assistant) => assistant.error !== undefined)?.error ??
    describeLost(files) ?? null;
  const outcome = failure !== null ? "failed" : describeOutcome({
    documents,
    assistants: [...assistants, ...others],
    problems: problems.length + (held.stopped === null ? 0 : 1),
  });
  const count = (wanted: DocumentStatus) =>
    documents.filter(({ status }) => status === wanted).length;
  return {
    outcome,
    toolId: tool?.id ?? null,
    documents,
    assistants,
    counts: {
      documents: documents.length,
      uploaded: files?.uploaded.size ?? 0,
      unchanged: count("unchanged"),
      failed: count("failed"),
      pending: count("pending"),
      removed: removed.files,
      tool: tool?.action ?? "none",
      assistants: assistants.filter(({ status }) => status !== "failed").length,
    },
    error,
    unfinished,
    progressed: (files?.uploaded.size ?? 0) > 0 || removed.files > 0 ||
      files?.files.some(({ state }) => state === "processing") === true ||
      !["none", "unchanged", "kept", undefined].includes(tool?.action) ||
      agents.some(({ status }) => status === "synced"),
    retry: outcome !== "succeeded" &&
      (held.stopped !== null || problems.length > 0 || isPassing(failure) ||
        // The first assistant of one that has none queues a sync by itself.
        [...assistants.filter(({ role }) => !missing.includes(role)), ...others]
          .some(({ status }) => status === "failed")),
    failure,
  };
}

function describeDocument(
  { id, title, content_hash }: WantedDocument,
  { indexed, files, tool }: {
    indexed: boolean;
    files: PushedFiles | null;
    tool: PushedTool | null;
  },
): DocumentResult {
  if (indexed) return { id, title, status: "indexed" };
  const refusal = files?.refused.get(content_hash);
  if (refusal !== undefined) return { id, title, status: "failed", error: refusal };
  const file = files?.files.find((candidate) => candidate.content_hash === content_hash);
  if (file?.state === "failed") {
    return { id, title, status: "failed", error: file.error ?? "Vapi could not read the file" };
  }
  if (file?.state !== "done" || file.vapi_file_id === null || tool === null) {
    return { id, title, status: "pending" };
  }
  const status = files?.uploaded.has(content_hash) ? "synced" : "unchanged";
  return { id, title, status, fileId: file.vapi_file_id };
}

/** What Vapi said to the upload of a file that isn't there. */
function describeLost(files: PushedFiles | null): string | undefined {
  const lost = files?.files.find(({ state, error }) => state === "intended" && error !== null);
  return lost === undefined ? undefined : `Vapi: ${lost.error}`;
}

function describeAssistant(role: AgentRole, agents: SyncAgentResult[]): AssistantResult {
  const agent = agents.find((candidate) => candidate.role === role);
  if (agent === undefined) return { role, status: "queued" };
  const { status, error } = agent;
  const known = status === "not_connected" ? "failed" : status;
  return { role, status: known, ...(error === undefined ? {} : { error }) };
}

function isPassing(failure: unknown): boolean {
  if (failure === null) return false;
  return !(failure instanceof ProviderError) ||
    !["unauthorized", "refused"].includes(failure.failure);
}

/** A provider's own words, which hold no secrets; what broke inside is for the log. */
function describeFailure(failure: unknown): string | null {
  if (failure === null) return null;
  if (failure instanceof ProviderError) return `Vapi: ${failure.reason}`;
  return failure instanceof AppError && failure.code !== "internal"
    ? failure.message
    : "unexpected error, logged";
}
