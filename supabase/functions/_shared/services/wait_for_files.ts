import { ProviderError } from "../errors.ts";
import type { KnowledgeFile, VapiFile } from "../ports_knowledge_sync.ts";
import { awaitCalls, type HeldKnowledge, pause, recordFiles } from "./hold_knowledge.ts";
import type { PushedFiles } from "./push_knowledge_files.ts";

/** As many are asked for one by one; more of them by one list of all. */
const FEW = 4;
const FIRST_PAUSE_MILLISECONDS = 200;
const LONGEST_PAUSE_MILLISECONDS = 5_000;
/** Files that take longer are left to the worker. */
const WAIT_MILLISECONDS = 60_000;

/** Asks until every file is ready or has failed, or the time is over. */
export async function waitForFiles(held: HeldKnowledge, pushed: PushedFiles): Promise<void> {
  const going = new Set(pushed.remove.map(({ id }) => id));
  const isWaiting = (file: KnowledgeFile) => file.state === "processing" && !going.has(file.id);
  const until = Math.min(held.until, held.clock() + WAIT_MILLISECONDS);
  let delay = FIRST_PAUSE_MILLISECONDS;
  while (held.stopped === null) {
    const waiting = pushed.files.filter(isWaiting);
    if (waiting.length === 0 || held.clock() + delay > until) return;
    await pause(delay);
    delay = Math.min(delay * 2, LONGEST_PAUSE_MILLISECONDS);
    const seen = await askAfter(held, waiting);
    if (seen === null) return;
    const changed = waiting.flatMap((file) => settle(file, seen.get(file.vapi_file_id!)));
    if (changed.length === 0 && held.calls.length === 0) continue;
    pushed.files = pushed.files.map((file) => changed.find(({ id }) => id === file.id) ?? file);
    await recordFiles(held, {
      files: changed,
      progress: { phase: "waiting", processing: waiting.length - changed.length },
    });
  }
}

/** @returns null where nothing more may be asked now */
async function askAfter(
  held: HeldKnowledge,
  waiting: KnowledgeFile[],
): Promise<Map<string, VapiFile | null> | null> {
  const asked = waiting.length > FEW ? 1 : waiting.length;
  if (await awaitCalls(held, asked) < asked) return null;
  try {
    if (waiting.length > FEW) {
      return new Map((await held.vapi.listFiles()).map((file) => [file.id, file]));
    }
    return new Map(
      await Promise.all(
        waiting.map(async ({ vapi_file_id: id }) => [id!, await held.vapi.getFile(id!)] as const),
      ),
    );
  } catch (error) {
    if (!(error instanceof ProviderError) || error.failure === "unauthorized") throw error;
    held.stopped = { reason: error.reason };
    return null;
  }
}

function settle(file: KnowledgeFile, seen: VapiFile | null | undefined): KnowledgeFile[] {
  if (seen === undefined || seen?.status === "processing") return [];
  if (seen === null) {
    return [{ ...file, state: "failed", error: "the file was deleted at Vapi meanwhile" }];
  }
  return [{
    ...file,
    state: seen.status,
    error: seen.status === "failed" ? "Vapi could not read the file" : null,
  }];
}
