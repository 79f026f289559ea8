import { nameEvent } from "../domain/call_state/describe_effect.ts";
import { AppError } from "../errors.ts";
import type { Json, JsonObject, Logger } from "../ports.ts";
import type { CallAnswer, CallStore } from "../ports_calls.ts";
import { type CallDelivery, ingestCallMessage, type IngestPorts } from "./ingest_call_message.ts";

/** As often as Vapi sends one that fails, the first time included, it is at its end. */
export const EVENT_ATTEMPTS = 5;
const RETRY_AFTER_SECONDS = 5;

export type StoredDelivery = CallDelivery & {
  /** The bytes as they came, kept where nobody can tell whose they are. */
  rawBody: Uint8Array;
  /** The body as a row can keep it, where storing what it says fails; null where none can. */
  copyBody: () => Json;
};

/**
 * Stores an event that only informs, then it may be acknowledged. What the database can't take now is
 * refused, so that it is sent again; what it refuses itself is counted, and after the fifth time a
 * dead letter that a person can replay.
 * @throws AppError `unavailable` with `retryAfterSeconds`, `unauthenticated`, `forbidden`
 */
export async function storeCallEvent(
  ports: IngestPorts & { calls: CallStore },
  delivery: StoredDelivery,
): Promise<CallAnswer> {
  const { calls, logger } = ports;
  const { message, signer } = delivery;
  const orgId = signer.kind === "account" ? null : signer.orgId;
  try {
    const ingested = await ingestCallMessage(ports, delivery, {
      answer: false,
    });
    if (ingested.code === "organization_unknown") {
      logger.critical("Event that belongs to no organization", {
        event_type: message.type,
      });
      await calls.recordUnreadable({
        org_id: orgId,
        reason: "organization_unknown",
        body: delivery.rawBody,
      });
    } else {
      const fields = {
        org_id: ingested.org_id,
        event_type: message.type,
        call_id: message.call?.id,
      };
      if (ingested.code === "duplicate") {
        logger.info("Event was processed before", fields);
      } else logger.info("Event processed", fields);
    }
    return { kind: "acknowledged" };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "unavailable") {
      logger.error("Error checking idempotency", {
        event_type: message.type,
        error,
      });
      throw error;
    }
    if (error.code !== "internal") throw error;
    return await giveUpEventually(ports, delivery, error);
  }
}

async function giveUpEventually(
  { calls, logger }: { calls: CallStore; logger: Logger },
  delivery: StoredDelivery,
  error: AppError,
): Promise<CallAnswer> {
  const { message, signer } = delivery;
  const recorded = await calls.recordFailedEvent({
    org_id: signer.kind === "account" ? null : signer.orgId,
    call: message.call,
    event_id: nameEvent(message),
    event_type: message.type,
    reason: error.message,
    payload: keepBody(delivery),
    max_attempts: EVENT_ATTEMPTS,
  });
  const fields = { event_type: message.type, call_id: message.call?.id, error };
  if (recorded.code === "recorded" && recorded.dead_lettered) {
    logger.critical("Failed to mark event as processed", {
      ...fields,
      dead_lettered: true,
    });
    return { kind: "acknowledged" };
  }
  logger.error("Failed to mark event as processed", fields);
  throw new AppError(
    "unavailable",
    "Cannot store the event: the database refused it",
    {
      cause: error,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    },
  );
}

/** What replayDeadLetter reads again: text where the body is too large or too deep for a row. */
function keepBody({ rawBody, copyBody }: StoredDelivery): JsonObject {
  const body = copyBody();
  return body === null ? { text: new TextDecoder().decode(rawBody) } : { body };
}
