import { describeEffect } from "../domain/call_state/describe_effect.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../ports.ts";
import type {
  CallMessage,
  CallSigner,
  CallStore,
  IngestInput,
  IngestResult,
} from "../ports_calls.ts";

export type CallDelivery = {
  message: CallMessage;
  signer: CallSigner;
  requestId: string;
};

/** One attempt's longest time: what comes again can be given up. */
const STORE_MILLISECONDS = 2_000;

export type IngestPorts = {
  calls: Pick<CallStore, "ingest">;
  logger: Logger;
  connectivity: Connectivity;
};

/** Whether the database answered the last time, in this isolate. */
export type Connectivity = { confirmed: boolean };

export type IngestOptions = {
  /** Whether the sender waits for more than an acknowledgement. */
  answer: boolean;
  toolCallIds?: string[];
  /** The end of a question's time; without it the message is stored in one attempt. */
  signal?: AbortSignal;
};

/**
 * Stores what a message says, once, and learns what its answer needs: one round trip.
 * @throws AppError `unauthenticated` (the secret was replaced), `forbidden` (another organization's
 *   call), `unavailable` (the database did not answer), `internal`
 */
export async function ingestCallMessage(
  { calls, logger, connectivity }: IngestPorts,
  { message, signer, requestId }: CallDelivery,
  { answer, toolCallIds = [], signal }: IngestOptions,
): Promise<
  IngestResult & { code: "ingested" | "duplicate" | "organization_unknown" }
> {
  const { event_id, change, report } = describeEffect(message);
  const input: IngestInput = {
    request_id: requestId,
    org_id: signer.kind === "account" ? null : signer.orgId,
    secret_version: signer.kind === "organization" ? signer.secretVersion : null,
    event: { id: event_id, type: message.type },
    answer,
    call: message.call,
    change,
    report,
    tool_call_ids: toolCallIds,
  };
  const attempt = signal === undefined
    ? { signal: AbortSignal.timeout(STORE_MILLISECONDS) }
    : { signal, retries: true };
  const result = await calls.ingest(input, attempt).catch((error: unknown) => {
    connectivity.confirmed = false;
    throw error;
  });
  if (!connectivity.confirmed) {
    connectivity.confirmed = true;
    logger.info("Database connectivity confirmed");
  }
  switch (result.code) {
    case "secret_superseded":
      logger.warn("Webhook secret was replaced", { org_id: result.org_id });
      throw new AppError(
        "unauthenticated",
        "Cannot accept the delivery: its X-Vapi-Secret was replaced by a newer one",
      );
    case "foreign_call":
      logger.critical("Call of another organization refused", {
        org_id: result.org_id,
        call_id: message.call?.id,
      });
      throw new AppError(
        "forbidden",
        `Cannot accept the delivery: call "${message.call?.id}" is not this organization's`,
      );
    default:
      return result;
  }
}
