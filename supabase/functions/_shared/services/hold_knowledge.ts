import { AppError } from "../errors.ts";
import type { Clock, JsonObject, Logger, ProviderCall, Vapi } from "../ports.ts";
import type {
  CallsLeft,
  KnowledgeFile,
  KnowledgeSyncStore,
  VapiKnowledge,
} from "../ports_knowledge_sync.ts";

/** What a sync has in hand while it holds its organization's lease. */
export type HeldKnowledge = {
  orgId: string;
  token: number;
  store: KnowledgeSyncStore;
  vapi: Vapi & VapiKnowledge;
  /** Of the key to the account that `vapi` is. */
  keyFingerprint: string;
  /** Calls that are not recorded yet. */
  calls: ProviderCall[];
  left: CallsLeft;
  /** Nothing more is begun after this (`Clock`). */
  until: number;
  clock: Clock;
  logger: Logger;
  /** Set where Vapi asks to be left alone, or is away: nothing more is begun. */
  stopped: { reason: string } | null;
};

/** Uploads, questions and deletions side by side. */
export const AT_ONCE = 8;
/** Shorter than the lease, which each record extends. */
const LONGEST_PAUSE_MILLISECONDS = 15_000;

/** Writes down what became of files and the calls made so far; extends the lease. @throws AppError */
export async function recordFiles(
  held: HeldKnowledge,
  { files = [], forgotten = [], progress = {} }: {
    files?: KnowledgeFile[];
    forgotten?: string[];
    progress?: JsonObject;
  } = {},
): Promise<void> {
  const recorded = await held.store.recordKnowledgeFiles({
    org_id: held.orgId,
    fencing_token: held.token,
    files: files.map(({ content_hash: _, awaited: _awaited, ...file }) => file),
    forgotten,
    progress,
    provider_calls: held.calls.splice(0),
  });
  if (recorded.code === "lease_lost") throw loseLease(held.orgId);
  held.left = recorded;
}

/**
 * How many of the wanted calls may be made now, within the organization's share of the minute; waits
 * for the next one where nothing is left. 0: the time of this sync is over.
 */
export async function awaitCalls(held: HeldKnowledge, wanted: number): Promise<number> {
  while (held.left.calls_left <= 0) {
    const remaining = held.until - held.clock();
    if (held.stopped !== null || remaining <= held.left.wait_seconds * 1000) return 0;
    await pause(Math.min(held.left.wait_seconds * 1000, LONGEST_PAUSE_MILLISECONDS));
    await recordFiles(held);
  }
  const granted = Math.min(wanted, held.left.calls_left);
  held.left = { ...held.left, calls_left: held.left.calls_left - granted };
  return granted;
}

/** Somebody else goes on: this holder's lease ran out. */
export function loseLease(orgId: string): AppError {
  return new AppError(
    "conflict",
    `Cannot sync the knowledge base of "${orgId}": another sync has taken over`,
    { retryAfterSeconds: 5 },
  );
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
