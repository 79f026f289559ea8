import type { ModelUsage } from "../ports_model.ts";

/** Of what is left of a turn's time. What then remains is enough to answer without the model, and to store it. */
const SHARES = { classify: 0.25, converse: 0.7 } as const;
const LONGEST_CLASSIFICATION = 6_000;

/**
 * How long a model may take, in milliseconds: a share of what is left and never more, so that the turn
 * still has time to answer without it, however short it is and however often a model was asked before.
 */
export function shareTime(leftMilliseconds: number, what: keyof typeof SHARES): number {
  const share = Math.floor(Math.max(0, leftMilliseconds) * SHARES[what]);
  return what === "classify" ? Math.min(share, LONGEST_CLASSIFICATION) : share;
}

export const NO_USAGE: ModelUsage = { input_tokens: 0, output_tokens: 0, cost_usd: null };
