import type { Logger } from "../ports.ts";
import type { AgentDataStore, Read, ReadResult } from "../ports_agents.ts";
import { INTERNAL_CATEGORY } from "../ports_knowledge.ts";
import type { SearchKnowledge } from "../ports_knowledge_sync.ts";

export type ReadPorts = {
  agentData: AgentDataStore;
  searchKnowledge: SearchKnowledge;
  logger: Logger;
};

/** Whoever waits gets an answer without the documents. */
const SEARCH_MILLISECONDS = 4_000;
const HITS = 3;

type Stored = Exclude<Read, { kind: "knowledge" }>;

/**
 * Everything that tools want to know, in the organization and for the person of the conversation: one
 * call of the database for all rows, and the documents beside it. Results are in the reads' order;
 * documents that can't be searched are `answer: null`.
 * @throws AppError of the store
 */
export async function readForTools(
  { agentData, searchKnowledge, logger }: ReadPorts,
  { org_id, contact_id, reads, signal, has_knowledge = true }: {
    org_id: string;
    contact_id: string | null;
    reads: readonly Read[];
    signal: AbortSignal;
    /** False where it is known that there are no documents: nobody is asked for what they say. */
    has_knowledge?: boolean;
  },
): Promise<ReadResult[]> {
  const stored = reads.filter((read): read is Stored => read.kind !== "knowledge");
  const [rows, found] = await Promise.all([
    stored.length === 0
      ? []
      : agentData.readAgentData({ org_id, contact_id, reads: stored }, { signal }),
    Promise.all(reads.map((read) => read.kind === "knowledge" ? search(read) : null)),
  ]);
  const waiting = [...rows];
  return reads.map((read, place) => {
    const result = read.kind === "knowledge" ? found[place] : waiting.shift();
    if (!result) throw new Error(`Cannot read "${read.kind}": the store left its result out`);
    return result;
  });

  async function search(
    { query, category }: Extract<Read, { kind: "knowledge" }>,
  ): Promise<ReadResult> {
    if (!has_knowledge) return { kind: "knowledge", answer: { mode: "text", hits: [] } };
    try {
      const answer = await searchKnowledge(
        {
          org_id,
          query,
          limit: HITS,
          except_category: INTERNAL_CATEGORY,
          ...(category ? { category } : {}),
        },
        { signal: AbortSignal.any([signal, AbortSignal.timeout(SEARCH_MILLISECONDS)]) },
      );
      return { kind: "knowledge", answer };
    } catch (error) {
      logger.error("Documents could not be searched", { org_id, error });
      return { kind: "knowledge", answer: null };
    }
  }
}
