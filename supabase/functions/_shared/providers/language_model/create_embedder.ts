import { AppError } from "../../errors.ts";
import type { Embedder } from "../../ports_knowledge.ts";
import type { Fetch } from "../resilience/send_request.ts";
import { createBuiltInEmbedder, type EmbeddingSession } from "./create_built_in_embedder.ts";
import { createGeminiEmbedder, type GeminiEmbedderConfig } from "./create_gemini_embedder.ts";

export type EmbedderConfig = Omit<GeminiEmbedderConfig, "apiKey"> & {
  provider: "gemini" | "built_in" | "none";
  apiKey: string | undefined;
  /** Opens the platform's model; null elsewhere. */
  openSession: (() => EmbeddingSession) | null;
};

/**
 * The embedder that the environment chose, null for none.
 * @throws AppError `misconfigured` when what it needs is missing
 */
export function createEmbedder(
  config: EmbedderConfig,
  fetch: Fetch = globalThis.fetch,
): Embedder | null {
  const { provider, apiKey, openSession, ...rest } = config;
  switch (provider) {
    case "none":
      return null;
    case "gemini":
      if (apiKey !== undefined) return createGeminiEmbedder({ ...rest, apiKey }, fetch);
      throw new AppError(
        "misconfigured",
        'Cannot use EMBEDDING_PROVIDER "gemini": GEMINI_API_KEY is missing',
      );
    case "built_in":
      if (openSession !== null) return createBuiltInEmbedder(openSession());
      throw new AppError(
        "misconfigured",
        'Cannot use EMBEDDING_PROVIDER "built_in": only the platform has its model',
      );
  }
}
