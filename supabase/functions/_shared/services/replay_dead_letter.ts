import { nameEvent } from "../domain/call_state/describe_effect.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../ports.ts";
import type { CallMessage, CallMessages, CallStore } from "../ports_calls.ts";
import type { DeadLetterStore, ReplayResult } from "../ports_dead_letters.ts";
import { ingestCallMessage } from "./ingest_call_message.ts";

export type ReplayPorts = {
  deadLetters: DeadLetterStore;
  calls: Pick<CallStore, "ingest">;
  messages: Pick<CallMessages, "normalise">;
  logger: Logger;
};

export type Replay =
  | { outcome: "replayed" | "already_replayed" | "gone"; source: string; sourceId: string }
  | { outcome: "failed"; source: string; sourceId: string; reason: string }
  | { outcome: "not_found" };

/**
 * Runs a dead letter again. An event of a call is read anew from the body that was kept, so that a
 * mended reader reads it; it still takes effect once only. Everything else goes back to its queue.
 */
export async function replayDeadLetter(
  ports: ReplayPorts,
  { id, requestId }: { id: string; requestId: string },
): Promise<Replay> {
  const { deadLetters, messages, logger } = ports;
  const begun = await deadLetters.replayDeadLetter({ id, request_id: requestId });
  if (begun.code === "not_found") return { outcome: "not_found" };
  const named = { source: begun.source, sourceId: begun.source_id };
  if (begun.code !== "to_process") {
    if (begun.code === "replayed") logger.info("Dead letter replayed", named);
    return { outcome: begun.code, ...named };
  }

  const { org_id } = begun;
  if (org_id === null) return { outcome: "gone", ...named };
  try {
    await ingestCallMessage({ ...ports, connectivity: { confirmed: true } }, {
      message: readKeptMessage(messages, begun),
      signer: { kind: "operator", orgId: org_id },
      requestId,
    }, { answer: false });
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown error";
    await deadLetters.recordReplay({ id, request_id: requestId, error: reason });
    logger.error("Failed to mark event as processed", { ...named, dead_letter_id: id, error });
    return { outcome: "failed", ...named, reason };
  }
  await deadLetters.recordReplay({ id, request_id: requestId, error: null });
  logger.info("Dead letter replayed", named);
  return { outcome: "replayed", ...named };
}

/** @throws AppError `check_failed` where what was kept is not the event that failed */
function readKeptMessage(
  messages: ReplayPorts["messages"],
  { source_id, payload }: ReplayResult & { code: "to_process" },
): CallMessage {
  const message = messages.normalise(readKeptBody(payload));
  const name = nameEvent(message);
  if (name === source_id) return message;
  throw new AppError(
    "check_failed",
    `Cannot read event "${source_id}": the body that was kept is of "${name}"`,
  );
}

function readKeptBody(
  { body, text }: (ReplayResult & { code: "to_process" })["payload"],
): unknown {
  if (typeof text !== "string") return body;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("check_failed", "Cannot read the body that was kept: it is no JSON", {
      cause,
    });
  }
}
