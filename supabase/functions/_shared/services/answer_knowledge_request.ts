import { AppError } from "../errors.ts";
import type { CallAnswer } from "../ports_calls.ts";
import { INTERNAL_CATEGORY } from "../ports_knowledge.ts";
import type { SearchKnowledge } from "../ports_knowledge_sync.ts";
import { type CallDelivery, ingestCallMessage, type IngestPorts } from "./ingest_call_message.ts";

/** Vapi waits ten seconds, and a caller hears nothing meanwhile. */
const ANSWER_MILLISECONDS = 5_000;
const HITS = 5;
const NOTHING: CallAnswer = { kind: "documents", documents: [] };

type KnowledgeDelivery = CallDelivery & { message: { question?: string | null } };

/**
 * What our own index knows about what the caller said, where the organization has chosen it to answer.
 * The organization is the call's. Whatever fails, the assistant answers from its prompt.
 * @throws AppError `unauthenticated`
 */
export async function answerKnowledgeRequest(
  ports: IngestPorts & { searchKnowledge: SearchKnowledge },
  delivery: KnowledgeDelivery,
): Promise<CallAnswer> {
  const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
  try {
    const ingested = await ingestCallMessage(ports, delivery, { answer: true, signal });
    if (ingested.code === "organization_unknown" || ingested.context === null) return NOTHING;
    const question = delivery.message.question?.trim() ?? "";
    if (question === "" || ingested.context.settings.phone_knowledge_mode !== "own_index") {
      return NOTHING;
    }
    const { hits, mode } = await ports.searchKnowledge({
      org_id: ingested.org_id,
      query: question,
      limit: HITS,
      except_category: INTERNAL_CATEGORY,
    }, { signal });
    ports.logger.info("Knowledge request answered", {
      org_id: ingested.org_id,
      call_id: delivery.message.call?.id,
      mode,
      hits: hits.length,
    });
    const best = Math.max(...hits.map(({ score }) => score));
    return {
      kind: "documents",
      documents: hits.map(({ title, content, score, chunk_id }) => ({
        content: `${title}\n\n${content}`,
        // Ranks fused are no similarities: what counts is the order, the best one being 1.
        similarity: best > 0 ? score / best : 0,
        uuid: chunk_id,
      })),
    };
  } catch (error) {
    if (error instanceof AppError && error.code === "unauthenticated") {
      throw error;
    }
    ports.logger.error("Knowledge request could not be answered", { error });
    return NOTHING;
  }
}
