import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { Classification } from "./classify_text.ts";
import type { SmallTalk } from "./small_talk.ts";

/** From here on it is acted on at once. */
export const CERTAIN = 0.8;
/** From here on it is acted on where the next one is clearly behind. */
export const PROBABLE = 0.5;
export const CLEAR_MARGIN = 0.2;

export type IntentDecision =
  | { kind: "agent"; agent: FlaggedAgent; confidence: number }
  /** A greeting, thanks or a farewell, and nothing else that is understood. */
  | { kind: "talk"; talk: SmallTalk }
  /** Whom it may be about; who asks can say so first. */
  | { kind: "undecided"; agent: FlaggedAgent | null; confidence: number };

/** Whether a service is meant surely enough to act on it, or has to be asked for. */
export function decideIntent(
  { agent, confidence, margin, talk }: Classification,
): IntentDecision {
  if (agent !== null && isClear(confidence, margin)) return { kind: "agent", agent, confidence };
  if (talk !== null && confidence < PROBABLE) return { kind: "talk", talk };
  return { kind: "undecided", agent, confidence };
}

function isClear(confidence: number, margin: number): boolean {
  return confidence >= CERTAIN || (confidence >= PROBABLE && margin >= CLEAR_MARGIN);
}
