import { createHash } from "node:crypto";
import { isUncertain, matchFiles } from "../domain/knowledge_sync/match_files.ts";
import { planFiles } from "../domain/knowledge_sync/plan_files.ts";
import { describeTool, renderTool } from "../domain/knowledge_sync/plan_tool.ts";
import { AppError } from "../errors.ts";
import type { AgentRole } from "../ports.ts";
import type { KnowledgeSyncState } from "../ports_knowledge_sync.ts";
import type { AssistantResult, DocumentResult } from "./push_knowledge.ts";
import { startDeadline } from "./start_deadline.ts";
import {
  describeMissing,
  describeNotConnected,
  type KnowledgeSyncPorts,
} from "./sync_knowledge.ts";
import { syncAgents } from "./sync_agents.ts";

export type KnowledgeSyncPlan = {
  tool: "none" | "unchanged" | "create" | "update" | "delete";
  toolId: string | null;
  documents: DocumentResult[];
  assistants: AssistantResult[];
  /** Files that would be deleted. */
  remove: number;
};

const READ_MILLISECONDS = 25_000;

/**
 * What a sync would do, found with reads alone: nothing is written here or at Vapi, and no lease taken.
 * @throws AppError `not_connected`, `conflict` (assistants missing), `provider_failed`
 */
export async function planKnowledgeSync(
  ports: KnowledgeSyncPorts,
  { orgId, requestId, toolName, assistantRoles }: {
    orgId: string;
    requestId: string;
    toolName: string;
    assistantRoles: AgentRole[];
  },
): Promise<KnowledgeSyncPlan> {
  const state = await ports.knowledgeSync.readKnowledgeSync({
    org_id: orgId,
    tool_name: toolName,
    assistant_roles: assistantRoles,
  });
  if (state.code === "not_connected") throw describeNotConnected();
  const missing = assistantRoles.filter((role) =>
    !state.agents.some((agent) => agent.role === role && agent.vapi_assistant_id !== null)
  );
  if (missing.length > 0) throw describeMissing(missing);

  const documents = state.mode === "query_tool" ? state.documents : [];
  const { files, orphans } = await readFiles(ports, orgId, state);
  const plan = planFiles(documents, files, { retryFailed: true });
  const uploads = new Set(plan.upload.map(({ content_hash }) => content_hash));
  const tool = planTool(orgId, state, { willUpload: uploads.size > 0, files, documents });
  const agents = await syncAgents(ports, { orgId, requestId, roles: assistantRoles, dryRun: true });
  const kept = state.sync.tool_id !== null && state.sync.key_fingerprint === state.vapi.fingerprint;
  return {
    tool,
    toolId: kept ? state.sync.tool_id : null,
    documents: state.documents.map(({ id, title, content_hash }): DocumentResult => {
      if (state.mode === "own_index") return { id, title, status: "indexed" };
      const file = files.find((candidate) => candidate.content_hash === content_hash);
      return uploads.has(content_hash) || file?.state !== "done" || file.vapi_file_id === null
        ? { id, title, status: "planned" }
        : { id, title, status: "unchanged", fileId: file.vapi_file_id };
    }),
    assistants: agents.map(({ role, status, error }): AssistantResult => ({
      role,
      status: status === "not_connected"
        ? "failed"
        : tool === "create" || tool === "delete"
        ? "planned"
        : status,
      ...(error === undefined ? {} : { error }),
    })),
    remove: orphans + plan.remove.filter(({ vapi_file_id }) => vapi_file_id !== null).length,
  };
}

async function readFiles(
  ports: KnowledgeSyncPorts,
  orgId: string,
  state: KnowledgeSyncState,
): Promise<{ files: KnowledgeSyncState["files"]; orphans: number }> {
  const keyFingerprint = state.vapi.fingerprint;
  if (!isUncertain(state.files, keyFingerprint)) return { files: state.files, orphans: 0 };
  const secrets = await ports.cipher.open(orgId, "vapi", state.vapi);
  const deadline = startDeadline(READ_MILLISECONDS);
  try {
    const vapi = ports.connect.vapi(secrets, () => {}, { signal: deadline.signal });
    const matched = matchFiles(state.files, await vapi.listFiles(), { orgId, keyFingerprint });
    return { files: matched.files, orphans: matched.orphans.length };
  } catch (error) {
    throw new AppError("provider_failed", "Cannot plan the sync: Vapi did not say what it has", {
      cause: error,
    });
  } finally {
    deadline.end();
  }
}

function planTool(
  orgId: string,
  { sync, vapi }: KnowledgeSyncState,
  { willUpload, files, documents }: {
    willUpload: boolean;
    files: KnowledgeSyncState["files"];
    documents: KnowledgeSyncState["documents"];
  },
): KnowledgeSyncPlan["tool"] {
  const exists = sync.tool_id !== null && sync.key_fingerprint === vapi.fingerprint;
  const body = renderTool({ orgId, toolName: sync.tool_name, documents, files });
  if (documents.length === 0) return exists ? "delete" : "none";
  if (!exists) return "create";
  const hash = body && createHash("sha256").update(describeTool(body)).digest("hex");
  return willUpload || hash !== sync.tool_hash ? "update" : "unchanged";
}
