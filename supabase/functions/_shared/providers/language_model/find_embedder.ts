import type { Embedder } from "../../ports_knowledge.ts";
import type { Fetch } from "../resilience/send_request.ts";
import { createEmbedder, type EmbedderConfig } from "./create_embedder.ts";

/**
 * Opens embedders by their model's name: of vectors that were made before another model was chosen.
 * Null for a model that can't be asked here any more.
 */
export function createEmbedderFinder(
  config: Omit<EmbedderConfig, "provider" | "model">,
  fetch: Fetch = globalThis.fetch,
): (model: string) => Embedder | null {
  return (model) => {
    if (model === "gte-small") {
      return config.openSession === null
        ? null
        : createEmbedder({ ...config, provider: "built_in", model }, fetch);
    }
    return config.apiKey === undefined || !model.startsWith("gemini-")
      ? null
      : createEmbedder({ ...config, provider: "gemini", model }, fetch);
  };
}
