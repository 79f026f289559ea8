import { AppError } from "../errors.ts";
import type { CallAnswer } from "../ports_calls.ts";
import { type CallDelivery, ingestCallMessage, type IngestPorts } from "./ingest_call_message.ts";

const ANSWER_MILLISECONDS = 5_000;
const NOTHING: CallAnswer = { kind: "documents", documents: [] };

/**
 * What our own index knows about what the caller said. There is no index yet, so it knows nothing:
 * the assistant answers from its prompt.
 * @throws AppError `unauthenticated`
 */
export async function answerKnowledgeRequest(
  ports: IngestPorts,
  delivery: CallDelivery,
): Promise<CallAnswer> {
  try {
    await ingestCallMessage(ports, delivery, {
      answer: false,
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
  } catch (error) {
    if (error instanceof AppError && error.code === "unauthenticated") {
      throw error;
    }
    ports.logger.error("Knowledge request could not be counted", { error });
  }
  return NOTHING;
}
