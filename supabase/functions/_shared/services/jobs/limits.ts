import type { JobKind } from "../../ports.ts";
import type { KnowledgeJobPorts } from "./job.ts";

/** How much of a kind one run does: the platform gives a request two seconds of processor time. */
export const LIMITS: Partial<Record<JobKind, { budgetMilliseconds: number; concurrency: number }>> =
  {
    // A stretch of pages each, one after the other.
    prepare_knowledge: { budgetMilliseconds: 700, concurrency: 1 },
    embed_knowledge: { budgetMilliseconds: 40_000, concurrency: 2 },
  };

/** What is said before a kind's due jobs are queued, because only the worker knows it. */
export const BEFORE_QUEUEING: Partial<
  Record<JobKind, (ports: { knowledge: KnowledgeJobPorts }) => Promise<unknown>>
> = {
  embed_knowledge: ({ knowledge: { embeddings, embedder } }) =>
    embeddings.wantModel({ model: embedder?.model ?? null }),
};
