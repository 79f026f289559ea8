import type { Logger } from "../ports.ts";
import type { KnowledgeSearchStore } from "../ports_documents.ts";
import type { Embedder, KnowledgeAnswer, KnowledgeQuery } from "../ports_knowledge.ts";
import { startDeadline } from "./start_deadline.ts";

export type SearchPorts = {
  search: KnowledgeSearchStore;
  /** The one whose vectors are wanted first; none where words are all there is. */
  embedders: readonly Embedder[];
  /** Opens one that documents may still have vectors of; null for a model that can't be asked. */
  findEmbedder?: (model: string) => Embedder | null;
  logger: Logger;
};

/** Of a question's vector. Somebody waits on the phone; words alone are found much sooner. */
const EMBED_MILLISECONDS = 1_500;

/**
 * What the organization's active documents say about a question, best first. Where no model answers
 * in time it is full text alone, and the answer says so.
 */
export async function searchKnowledge(
  ports: SearchPorts,
  query: KnowledgeQuery,
  { signal }: { signal?: AbortSignal } = {},
): Promise<KnowledgeAnswer> {
  const [wanted] = ports.embedders;
  const found = await searchWith(ports, query, { embedder: wanted, signal });
  if (wanted === undefined || found.model === null || found.model === wanted.model) {
    return pick(found);
  }
  // Documents are being embedded anew: until all are, the old vectors are the complete ones.
  const serving = ports.embedders.find(({ model }) => model === found.model) ??
    ports.findEmbedder?.(found.model);
  return pick(
    serving === undefined || serving === null
      ? found
      : await searchWith(ports, query, { embedder: serving, signal }),
  );
}

async function searchWith(
  ports: SearchPorts,
  { org_id, query, limit, category, except_category }: KnowledgeQuery,
  { embedder, signal }: { embedder: Embedder | undefined; signal: AbortSignal | undefined },
) {
  const vector = embedder === undefined
    ? null
    : await embedQuery(ports, embedder, { query, signal });
  return await ports.search.searchKnowledge({
    org_id,
    query,
    limit,
    category: category ?? null,
    except_category: except_category ?? null,
    vector: vector === null ? null : JSON.stringify(vector),
    model: embedder?.model ?? null,
  }, signal === undefined ? {} : { signal });
}

async function embedQuery(
  { logger }: SearchPorts,
  embedder: Embedder,
  { query, signal }: { query: string; signal: AbortSignal | undefined },
): Promise<number[] | null> {
  const deadline = startDeadline(EMBED_MILLISECONDS, signal);
  try {
    const work = embedder.embed([query], { purpose: "query", signal: deadline.signal });
    const [vector] = await Promise.race([work, rejectOnAbort(deadline.signal)]);
    return vector ?? null;
  } catch (error) {
    logger.warn("Question could not be embedded: searching by its words", {
      model: embedder.model,
      error,
    });
    return null;
  } finally {
    deadline.end();
  }
}

/** For an embedder that can't be interrupted. */
function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  );
}

function pick({ mode, hits }: KnowledgeAnswer): KnowledgeAnswer {
  return { mode, hits };
}
