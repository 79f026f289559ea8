import * as z from "zod";
import { ProviderError } from "../../errors.ts";
import type { Clock, RecordProviderCall } from "../../ports.ts";
import { type Embedder, VECTOR_DIMENSIONS } from "../../ports_knowledge.ts";
import type { Policy } from "../resilience/create_policy.ts";
import { parseAnswer } from "../resilience/parse_answer.ts";
import { createSender, type Fetch } from "../resilience/send_request.ts";
import { normaliseVector } from "./normalise_vector.ts";
import { readGeminiRefusal } from "./read_gemini_refusal.ts";

export type GeminiEmbedderConfig = {
  baseUrl: string;
  apiKey: string;
  /** As `gemini-embedding-001`. */
  model: string;
  policy: Policy;
  record?: RecordProviderCall;
  clock?: Clock;
};

/** Gemini takes 100 a request; fewer keep one request below a small plan's tokens a minute. */
const BATCH_SIZE = 50;
/** A number takes up to 25 bytes of Google's indented JSON. */
const ANSWER_LIMIT_BYTES = 8 * 1024 * 1024;
const TASK_TYPES = { document: "RETRIEVAL_DOCUMENT", query: "RETRIEVAL_QUERY" } as const;

const answer = z.object({ embeddings: z.array(z.object({ values: z.array(z.number()) })) });

/** https://ai.google.dev/api/embeddings#method:-models.batchembedcontents */
export function createGeminiEmbedder(
  config: GeminiEmbedderConfig,
  fetch: Fetch = globalThis.fetch,
): Embedder {
  const { baseUrl, apiKey, model, policy, record = () => {}, clock = Date.now } = config;

  return {
    model,
    batch_size: BATCH_SIZE,
    async embed(texts, { purpose, signal }) {
      if (texts.length === 0) return [];
      const send = createSender({
        provider: "gemini",
        baseUrl,
        headers: { "x-goog-api-key": apiKey },
        secrets: [apiKey],
        record,
        ...(signal === undefined ? {} : { signal }),
        readRefusal: readGeminiRefusal,
      }, { policy, fetch, clock });
      const requests = texts.map((text) => ({
        model: `models/${model}`,
        content: { parts: [{ text }] },
        taskType: TASK_TYPES[purpose],
        outputDimensionality: VECTOR_DIMENSIONS,
      }));
      const { embeddings } = parseAnswer(
        "gemini",
        answer,
        await send({
          operation: "embed",
          method: "POST",
          path: `/v1beta/models/${encodeURIComponent(model)}:batchEmbedContents`,
          body: { requests },
          idempotent: true,
          answerLimitBytes: ANSWER_LIMIT_BYTES,
        }),
      );
      if (embeddings.length !== texts.length) {
        throw refuse(`it answered ${texts.length} texts with ${embeddings.length} vectors`);
      }
      // Only the full 3,072 dimensions come with length 1.
      return embeddings.map(({ values }) => {
        if (values.length !== VECTOR_DIMENSIONS) {
          throw refuse(`a vector has ${values.length} dimensions, not ${VECTOR_DIMENSIONS}`);
        }
        return normaliseVector(values) ?? refuseNow("a vector has no direction");
      });
    },
  };
}

function refuse(reason: string): ProviderError {
  return new ProviderError("gemini", "invalid_response", reason);
}

function refuseNow(reason: string): never {
  throw refuse(reason);
}
