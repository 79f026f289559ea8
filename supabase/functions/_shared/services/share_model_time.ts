import type { ModelUsage } from "../ports_model.ts";

/** Of a turn's time. What is left is enough to answer without the model, and to store it. */
const SHARES = { classify: 0.25, converse: 0.7 } as const;
const LONGEST_CLASSIFICATION = 6_000;

/** When a model is given up, so that the turn still has time to answer without it. */
export function shareTime(timeoutSeconds: number, what: keyof typeof SHARES): AbortSignal {
  const share = timeoutSeconds * 1_000 * SHARES[what];
  return AbortSignal.timeout(
    Math.max(1, Math.round(what === "classify" ? Math.min(share, LONGEST_CLASSIFICATION) : share)),
  );
}

export const NO_USAGE: ModelUsage = { input_tokens: 0, output_tokens: 0, cost_usd: null };
