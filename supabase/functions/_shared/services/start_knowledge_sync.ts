import { AppError } from "../errors.ts";
import type { WaitUntil } from "../ports.ts";
import {
  type KnowledgeSyncInput,
  type KnowledgeSyncPorts,
  type KnowledgeSyncResult,
  syncKnowledge,
} from "./sync_knowledge.ts";

export type StartedKnowledgeSync =
  | { finished: true; result: KnowledgeSyncResult }
  /** It goes on in the background. */
  | { finished: false };

/**
 * Runs a sync that somebody asked for, and lets it go on in the background where it takes long.
 * @throws AppError as `syncKnowledge`, and `provider_failed` where nothing got through
 */
export async function startKnowledgeSync(
  ports: KnowledgeSyncPorts,
  input: Omit<KnowledgeSyncInput, "startedBy">,
  { waitUntil, answerMilliseconds }: { waitUntil: WaitUntil; answerMilliseconds: number },
): Promise<StartedKnowledgeSync> {
  const work = syncKnowledge(ports, { ...input, startedBy: "request" });
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), answerMilliseconds);
  const result = await Promise.race([work, late]).finally(() => clearTimeout(timer));
  if (result === "late") {
    // Should it fail, it has said so itself.
    waitUntil(work.catch(() => {}));
    return { finished: false };
  }
  // Only the worker is told that there is nothing to do.
  if (result === null) throw new AppError("internal", "A sync that was asked for did nothing");
  return { finished: true, result };
}
