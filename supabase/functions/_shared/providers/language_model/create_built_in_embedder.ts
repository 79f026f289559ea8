import { chunkDocument } from "../../domain/chunking/chunk_document.ts";
import { ProviderError } from "../../errors.ts";
import { type Embedder, VECTOR_DIMENSIONS } from "../../ports_knowledge.ts";
import { normaliseVector } from "./normalise_vector.ts";

/** `new Supabase.ai.Session("gte-small")`, which is there on the platform alone. */
export type EmbeddingSession = {
  run(text: string, options: { mean_pool: boolean; normalize: boolean }): Promise<unknown>;
};

/** The model reads 512 tokens and cuts off the rest; the estimate may be a third too low. */
const TOKENS_AT_ONCE = 360;
/** Each text takes a few runs, one after the other, inside one request's processor time. */
const BATCH_SIZE = 8;

/**
 * The platform's own model: English, without a key, 384 dimensions padded with zeros. A text that is
 * longer than the model reads is the mean of its parts.
 */
export function createBuiltInEmbedder(session: EmbeddingSession): Embedder {
  async function run(text: string): Promise<number[]> {
    let found: unknown;
    try {
      found = await session.run(text, { mean_pool: true, normalize: true });
    } catch (cause) {
      throw new ProviderError("built_in", "unavailable", "the model did not run", { cause });
    }
    const values = Array.from((found ?? []) as ArrayLike<unknown>, Number);
    if (values.length === 0 || values.length > VECTOR_DIMENSIONS) {
      throw new ProviderError(
        "built_in",
        "invalid_response",
        `a vector has ${values.length} dimensions`,
      );
    }
    return values;
  }

  return {
    model: "gte-small",
    batch_size: BATCH_SIZE,
    async embed(texts, { signal }) {
      const vectors: number[][] = [];
      for (const text of texts) {
        const sum = new Array<number>(VECTOR_DIMENSIONS).fill(0);
        const parts = chunkDocument(text, { target_tokens: TOKENS_AT_ONCE, overlap_tokens: 0 });
        for (const { content } of parts) {
          if (signal?.aborted) {
            throw new ProviderError("built_in", "timed_out", "the time for this work is over");
          }
          for (const [at, value] of (await run(content)).entries()) sum[at]! += value;
        }
        const vector = normaliseVector(sum);
        if (vector === null) {
          throw new ProviderError("built_in", "invalid_response", "a vector has no direction");
        }
        vectors.push(vector);
      }
      return vectors;
    },
  };
}
