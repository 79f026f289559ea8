import { createHash } from "node:crypto";
import {
  chooseTool,
  describeTool,
  isToolInStep,
  renderTool,
  type ToolBody,
} from "../domain/knowledge_sync/plan_tool.ts";
import { ProviderError } from "../errors.ts";
import type { KnowledgeSyncState, VapiTool, WantedDocument } from "../ports_knowledge_sync.ts";
import { type HeldKnowledge, loseLease } from "./hold_knowledge.ts";
import type { PushedFiles } from "./push_knowledge_files.ts";

export type PushedTool = {
  id: string | null;
  action: "none" | "unchanged" | "kept" | "created" | "adopted" | "updated" | "retired";
  /** Tools of ours to delete once no assistant holds them. */
  retired: string[];
};

/** Between our database's clock, which dates intents, and Vapi's, which dates tools. */
const CLOCK_SKEW_MILLISECONDS = 5 * 60_000;
const PAGE = 1_000;

/**
 * Sees to it that there is exactly one query tool over the files that are ready, or none where nothing
 * is to be known: updated, found or made. While no file is ready yet it is kept as it is. Deletes nothing: assistants may still hold what is retired.
 * @throws ProviderError
 */
export async function pushKnowledgeTool(
  held: HeldKnowledge,
  { state, documents, files: { files, refused }, verify }: {
    state: KnowledgeSyncState;
    documents: WantedDocument[];
    files: PushedFiles;
    verify: boolean;
  },
): Promise<PushedTool> {
  const { sync } = state;
  const body = renderTool({
    orgId: held.orgId,
    toolName: sync.tool_name,
    documents,
    files,
  });
  if (body !== null) return await keepTool(held, { sync, body, verify });
  const failed = new Set([
    ...refused.keys(),
    ...files.filter(({ state }) => state === "failed").map(({ content_hash }) => content_hash),
  ]);
  return documents.every(({ content_hash }) => failed.has(content_hash))
    ? await retireTool(held, sync)
    : waitWithTool(held, sync);
}

/** Nothing is ready, and something will be: the tool is not taken away to be made again. */
function waitWithTool(
  { keyFingerprint }: HeldKnowledge,
  { tool_id: id, key_fingerprint, retired_tool_ids: retired }: KnowledgeSyncState["sync"],
): PushedTool {
  return id !== null && key_fingerprint === keyFingerprint
    ? { id, action: "kept", retired }
    : { id: null, action: "none", retired };
}

async function retireTool(
  held: HeldKnowledge,
  sync: KnowledgeSyncState["sync"],
): Promise<PushedTool> {
  const isSameKey = sync.key_fingerprint === held.keyFingerprint;
  if (sync.tool_id === null && sync.tool_intended_at === null) {
    return { id: null, action: "none", retired: sync.retired_tool_ids };
  }
  const found = sync.tool_id !== null && isSameKey
    ? { tool: { id: sync.tool_id }, duplicates: [] }
    : await search(held, sync);
  const retired = [...found.tool === null ? [] : [found.tool], ...found.duplicates]
    .map(({ id }) => id);
  return await record(held, {
    id: null,
    action: "retired",
    retired: [...new Set([...sync.retired_tool_ids, ...retired])],
  }, null);
}

async function keepTool(
  held: HeldKnowledge,
  { sync, body, verify }: {
    sync: KnowledgeSyncState["sync"];
    body: ToolBody;
    verify: boolean;
  },
): Promise<PushedTool> {
  const hash = createHash("sha256").update(describeTool(body)).digest("hex");
  const isSameKey = sync.key_fingerprint === held.keyFingerprint;
  const isGiven = isSameKey && sync.tool_hash === hash;
  let retired = sync.retired_tool_ids;
  if (sync.tool_id !== null) {
    const id = sync.tool_id;
    if (isGiven && !verify) return { id, action: "unchanged", retired };
    const found = isSameKey && !isGiven ? "unread" : await held.vapi.getTool(id);
    if (found !== "unread" && found !== null && isGiven && isToolInStep(found, body)) {
      return { id, action: "unchanged", retired };
    }
    const updated = found === null ? null : await update(held, id, body);
    if (updated !== null) return await record(held, { id, action: "updated", retired }, hash);
    // Gone there. An assistant that still names it fails its calls.
    if (isSameKey) retired = [...new Set([...retired, id])];
  }
  const { tool, duplicates } = await search(held, sync);
  retired = [...new Set([...retired, ...duplicates.map(({ id }) => id)])];
  if (tool !== null && await update(held, tool.id, body) !== null) {
    retired = retired.filter((id) => id !== tool.id);
    return await record(held, { id: tool.id, action: "adopted", retired }, hash);
  }
  const { id, action } = await create(held, body);
  return await record(held, { id, action, retired }, hash);
}

/** Those made since the oldest create whose outcome isn't known; all where nothing was intended. */
async function search(
  { vapi, orgId }: HeldKnowledge,
  { tool_name: toolName, tool_id, tool_intended_at }: KnowledgeSyncState["sync"],
): Promise<{ tool: VapiTool | null; duplicates: VapiTool[] }> {
  const since = tool_id === null && tool_intended_at !== null
    ? new Date(Date.parse(tool_intended_at) - CLOCK_SKEW_MILLISECONDS).toISOString()
    : undefined;
  const tools = await vapi.listTools({
    limit: PAGE,
    ...(since === undefined ? {} : { createdAtGt: since }),
  });
  return chooseTool(tools, { orgId, toolName });
}

async function update(
  { vapi }: HeldKnowledge,
  id: string,
  body: ToolBody,
): Promise<VapiTool | null> {
  const updated = await vapi.updateTool(id, body);
  if (updated !== null) requireInStep(updated, body);
  return updated;
}

async function create(
  held: HeldKnowledge,
  body: ToolBody,
): Promise<{ id: string; action: "created" | "adopted" }> {
  const intent = await held.store.intendKnowledgeTool({
    org_id: held.orgId,
    fencing_token: held.token,
  });
  if (intent.code === "lease_lost") throw loseLease(held.orgId);
  try {
    const created = await held.vapi.createTool({ type: "query", ...body });
    requireInStep(created, body);
    return { id: created.id, action: "created" };
  } catch (error) {
    if (!(error instanceof ProviderError && error.ambiguous)) throw error;
    // It may exist. A second one is not tried: what comes late is found by its intent.
    const tools = await held.vapi.listTools({ limit: PAGE });
    const { tool } = chooseTool(tools, { orgId: held.orgId, toolName: body.function.name });
    if (tool === null) throw error;
    return { id: tool.id, action: "adopted" };
  }
}

function requireInStep(tool: VapiTool, body: ToolBody): void {
  if (isToolInStep(tool, body)) return;
  throw new ProviderError(
    "vapi",
    "invalid_response",
    "it kept other files for the query tool than it was given",
  );
}

async function record(
  held: HeldKnowledge,
  pushed: PushedTool,
  hash: string | null,
): Promise<PushedTool> {
  const recorded = await held.store.recordKnowledgeTool({
    org_id: held.orgId,
    fencing_token: held.token,
    tool_id: pushed.id,
    tool_hash: hash,
    key_fingerprint: held.keyFingerprint,
    retired_tool_ids: pushed.retired,
    provider_calls: held.calls.splice(0),
  });
  if (recorded.code === "lease_lost") throw loseLease(held.orgId);
  return pushed;
}
