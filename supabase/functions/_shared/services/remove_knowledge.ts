import { ProviderError } from "../errors.ts";
import {
  AT_ONCE,
  awaitCalls,
  type HeldKnowledge,
  loseLease,
  recordFiles,
} from "./hold_knowledge.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import type { PushedFiles } from "./push_knowledge_files.ts";
import type { PushedTool } from "./push_knowledge_tool.ts";

export type Removed = {
  files: number;
  /** What is still there and has to go, for people. */
  problems: string[];
  /** Whether the worker has something left to delete. */
  unfinished: boolean;
};

/**
 * Deletes at Vapi what nothing refers to any more: tools that no assistant holds, then files that no
 * tool names. Never before the swap, so that no call meets something that is gone.
 * @param detached whether every assistant was seen without the retired tools
 */
export async function removeKnowledge(
  held: HeldKnowledge,
  { tool, files, detached }: { tool: PushedTool; files: PushedFiles; detached: boolean },
): Promise<Removed> {
  const removed: Removed = { files: 0, problems: [], unfinished: false };
  const left = await deleteTools(held, tool, { detached, removed });
  // A tool that was kept as it is still names what has to go.
  if (left.length > 0 || tool.action === "kept") {
    removed.unfinished = files.remove.length + files.orphans.length > 0;
    return removed;
  }
  const going = [
    // What may still arrive is found by its row then.
    ...files.remove.filter(({ vapi_file_id, awaited }) => vapi_file_id !== null || awaited !== true)
      .map(({ id, vapi_file_id }) => ({ row: id, id: vapi_file_id })),
    ...files.orphans.map((id) => ({ row: null, id })),
  ];
  const forgotten: string[] = [];
  await mapConcurrently(going, AT_ONCE, async ({ row, id }) => {
    if (id !== null && !await isDeleted(held, () => held.vapi.deleteFile(id), removed)) return;
    if (id !== null) removed.files += 1;
    if (row !== null) forgotten.push(row);
  });
  if (going.length > 0) await recordFiles(held, { forgotten });
  return removed;
}

async function deleteTools(
  held: HeldKnowledge,
  tool: PushedTool,
  { detached, removed }: { detached: boolean; removed: Removed },
): Promise<string[]> {
  if (tool.retired.length === 0 || !detached) return tool.retired;
  const left: string[] = [];
  for (const id of tool.retired) {
    if (!await isDeleted(held, () => held.vapi.deleteTool(id), removed)) left.push(id);
  }
  const recorded = await held.store.recordRetiredTools({
    org_id: held.orgId,
    fencing_token: held.token,
    retired_tool_ids: left,
    provider_calls: held.calls.splice(0),
  });
  if (recorded.code === "lease_lost") throw loseLease(held.orgId);
  return left;
}

async function isDeleted(
  held: HeldKnowledge,
  remove: () => Promise<void>,
  removed: Removed,
): Promise<boolean> {
  if (held.stopped !== null || await awaitCalls(held, 1) === 0) {
    removed.unfinished = true;
    return false;
  }
  try {
    await remove();
    return true;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.failure === "unauthorized") throw error;
    removed.problems.push(error.reason);
    return false;
  }
}
