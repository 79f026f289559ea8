import { decideAnswer, POLITE_ERROR } from "../domain/assistant_request/decide_answer.ts";
import { AppError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { CallAnswer } from "../ports_calls.ts";
import { type CallDelivery, ingestCallMessage, type IngestPorts } from "./ingest_call_message.ts";

/** Vapi hangs up at 7.5 s, the network included. */
const ANSWER_MILLISECONDS = 5_000;

/**
 * Says who takes a call. A caller is waiting: whatever fails, the answer is a sentence and comes in
 * time. Only a secret that isn't good (any more) is refused.
 * @throws AppError `unauthenticated`
 */
export async function answerAssistantRequest(
  ports: IngestPorts & { clock: Clock; agentsEnabled: boolean },
  delivery: CallDelivery,
): Promise<CallAnswer> {
  const { clock, logger, agentsEnabled } = ports;
  const polite: CallAnswer = { kind: "spoken", text: POLITE_ERROR };
  try {
    const ingested = await ingestCallMessage(ports, delivery, {
      answer: true,
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
    if (ingested.code === "organization_unknown" || ingested.context === null) {
      logger.critical("Call for a number that no organization has", {
        phone_number_id: delivery.message.call?.phone_number_id,
      });
      return polite;
    }
    const { answer, reason } = decideAnswer(ingested.context, {
      orgId: ingested.org_id,
      callerNumber: delivery.message.call?.customer_number ?? null,
      agentsEnabled,
      at: clock(),
    });
    const fields = {
      org_id: ingested.org_id,
      call_id: delivery.message.call?.id,
      reason,
    };
    if (reason === "answered") {
      logger.info("Assistant request answered", fields);
    } else {logger.warn(
        "Assistant request answered without the assistant",
        fields,
      );}
    return answer;
  } catch (error) {
    if (error instanceof AppError && error.code === "unauthenticated") {
      throw error;
    }
    logger.critical("Assistant request could not be decided", {
      call_id: delivery.message.call?.id,
      error,
    });
    return polite;
  }
}
