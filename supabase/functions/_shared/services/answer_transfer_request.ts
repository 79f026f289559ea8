import { decideTransfer } from "../domain/assistant_request/decide_transfer.ts";
import { AppError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { CallAnswer } from "../ports_calls.ts";
import { type CallDelivery, ingestCallMessage, type IngestPorts } from "./ingest_call_message.ts";

const ANSWER_MILLISECONDS = 5_000;
const REFUSED: CallAnswer = {
  kind: "transfer-refused",
  text: "Nobody can be reached at the moment. Offer to take a message.",
};

/**
 * Where the assistant may put a caller through to: the organization's own number while somebody is
 * there. There are no other assistants to hand over to.
 * @throws AppError `unauthenticated`
 */
export async function answerTransferRequest(
  ports: IngestPorts & { clock: Clock },
  delivery: CallDelivery,
): Promise<CallAnswer> {
  try {
    const ingested = await ingestCallMessage(ports, delivery, {
      answer: true,
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
    if (ingested.code === "organization_unknown" || ingested.context === null) {
      return REFUSED;
    }
    if (delivery.message.kind === "handoff-destination-request") return REFUSED;
    const transfer = decideTransfer(ingested.context.settings, ports.clock());
    ports.logger.info("Transfer request answered", {
      org_id: ingested.org_id,
      call_id: delivery.message.call?.id,
      possible: transfer.possible,
    });
    return transfer.possible
      ? { kind: "transfer", number: transfer.number, message: null }
      : REFUSED;
  } catch (error) {
    if (error instanceof AppError && error.code === "unauthenticated") {
      throw error;
    }
    ports.logger.error("Transfer request could not be decided", {
      call_id: delivery.message.call?.id,
      error,
    });
    return REFUSED;
  }
}
