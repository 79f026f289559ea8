import { ProviderError } from "../../errors.ts";
import type { ModelFailure } from "../../ports_model.ts";

const LONGEST_REASON = 300;

/**
 * What an exception of the AI SDK means. A request's own failure comes through it unchanged; its
 * names are read instead of its classes, so that this file does not load it.
 */
export function readModelFailure(
  error: unknown,
  signal: AbortSignal,
): { failure: ModelFailure; reason: string } {
  const provider = findProviderError(error);
  if (provider !== null) return { failure: provider.failure, reason: provider.reason };
  if (signal.aborted) return { failure: "timed_out", reason: "the time for this work is over" };
  const name = error instanceof Error ? error.name : "";
  // Cut, refused by a filter, not what the schema says, a call where only words were allowed: the
  // answer is there and is of no use.
  if (/^AI_(?:No(?:Object|Output|Content)Generated|ToolChoiceViolation)/.test(name)) {
    return { failure: "stopped", reason: "it gave no answer that can be read" };
  }
  if (/^AI_(?:APICall|TypeValidation|JSONParse|InvalidResponseData)Error$/.test(name)) {
    return { failure: "invalid_response", reason: "its answer has another shape" };
  }
  // Not the message: it may quote what a person wrote.
  return {
    failure: "unavailable",
    reason: `the request failed: ${name || "unknown"}`.slice(0, LONGEST_REASON),
  };
}

function findProviderError(error: unknown): ProviderError | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof ProviderError) return at;
  }
  return null;
}
