import * as z from "zod";
import { KNOWLEDGE_CATEGORIES } from "../../ports_knowledge.ts";
import type { KnowledgeSyncStore } from "../../ports_knowledge_sync.ts";
import type { Database } from "./create_database.ts";
import { agentRole, credential, jsonObject, leaseLost, onlyCode } from "./rows.ts";

const text = z.string().nullable();
const callsLeft = { calls_left: z.number(), wait_seconds: z.number() };
const fileState = z.enum(["intended", "processing", "done", "failed"]);
const state = {
  ...callsLeft,
  documents: z.array(z.object({
    id: z.string(),
    title: z.string(),
    category: z.enum(KNOWLEDGE_CATEGORIES),
    content_hash: z.string(),
    served_hash: text,
    bytes: z.number(),
  })),
  files: z.array(z.object({
    id: z.string(),
    content_hash: z.string(),
    vapi_file_id: text,
    key_fingerprint: z.string(),
    state: fileState,
    error: text,
    awaited: z.boolean(),
  })),
  sync: z.object({
    tool_name: z.string(),
    assistant_roles: z.array(agentRole),
    tool_id: text,
    tool_hash: text,
    key_fingerprint: text,
    tool_intended_at: text,
    retired_tool_ids: z.array(z.string()),
  }),
  agents: z.array(z.object({ role: agentRole, vapi_assistant_id: text })),
  mode: z.enum(["query_tool", "own_index"]),
  vapi: credential,
  hash: z.string(),
};
const claimed = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("claimed"),
    fencing_token: z.number(),
    sync_id: z.string(),
    verify: z.boolean(),
    ...state,
  }),
  z.object({ code: z.literal("held"), sync_id: text, retry_after_seconds: z.number() }),
  z.object({ code: z.literal("too_soon"), retry_after_seconds: z.number() }),
  z.object({ code: z.literal("agents_missing"), roles: z.array(agentRole) }),
  onlyCode("unchanged", "not_connected"),
]);
const read = z.discriminatedUnion("code", [
  z.object({ code: z.literal("read"), ...state }),
  onlyCode("not_connected"),
]);
const intendedFiles = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("intended"),
    files: z.array(z.object({
      id: z.string(),
      content_hash: z.string(),
      title: z.string(),
      content: z.string(),
    })),
    ...callsLeft,
  }),
  leaseLost,
]);
const recordedFiles = z.discriminatedUnion("code", [
  z.object({ code: z.literal("recorded"), ...callsLeft }),
  leaseLost,
]);
const intendedTool = z.discriminatedUnion("code", [
  z.object({ code: z.literal("recorded"), previous_intent_at: text, intended_at: z.string() }),
  leaseLost,
]);
const finished = z.discriminatedUnion("code", [
  z.object({ code: z.literal("recorded"), again: z.boolean() }),
  leaseLost,
]);
const recorded = onlyCode("recorded", "lease_lost");
const status = z.object({
  connected: z.boolean(),
  sync: z.object({
    state: z.enum(["queued", "running", "synced", "partially_synced", "failed"]),
    tool_id: text,
    tool_name: z.string(),
    assistant_roles: z.array(agentRole),
    sync_id: text,
    progress: jsonObject,
    error: text,
    due_at: text,
    last_synced_at: text,
    changed: z.boolean(),
  }).nullable(),
  documents: z.array(z.object({
    id: z.string(),
    title: z.string(),
    vapi_file_id: text,
    state: z.enum([...fileState.options, "waiting"]),
    error: text,
  })),
  log: z.array(z.object({
    id: z.string(),
    started_by: z.enum(["request", "worker"]),
    state: z.string(),
    counts: jsonObject,
    error: text,
    duration_ms: z.number().nullable(),
    started_at: z.string(),
    completed_at: text,
  })),
});

/** Calls to Vapi are counted with the record that carries them, so those are made once. */
export function createKnowledgeSyncStore(database: Database): KnowledgeSyncStore {
  const idempotent = { idempotent: true };
  return {
    // Repeated after a lost answer it is known by its claim, and given the same token.
    claimKnowledgeSync: (input) =>
      database.callFunction(
        "claim_knowledge_sync",
        { ...input, claim_id: crypto.randomUUID() },
        claimed,
        idempotent,
      ),
    readKnowledgeSync: (input) =>
      database.callFunction("read_knowledge_sync", input, read, idempotent),
    intendKnowledgeFiles: (input) =>
      database.callFunction("intend_knowledge_files", input, intendedFiles, idempotent),
    recordKnowledgeFiles: (input) =>
      database.callFunction("record_knowledge_files", input, recordedFiles, idempotent),
    intendKnowledgeTool: (input) =>
      database.callFunction("intend_knowledge_tool", input, intendedTool, idempotent),
    recordKnowledgeTool: (input) =>
      database.callFunction("record_knowledge_tool", input, recorded, idempotent),
    recordRetiredTools: (input) =>
      database.callFunction("record_retired_tools", input, recorded, idempotent),
    // Repeated after a lost answer it finds its lease released and changes nothing.
    finishKnowledgeSync: (input) =>
      database.callFunction("finish_knowledge_sync", input, finished, idempotent),
    readKnowledgeSyncStatus: (input) =>
      database.callFunction("read_knowledge_sync_status", input, status, idempotent),
  };
}
