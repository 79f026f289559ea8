import type { ReadAgent } from "../../ports_legacy.ts";
import { classifyText } from "../intent/classify_text.ts";
import { decideIntent } from "../intent/decide_intent.ts";

/** By the lexicon alone: whom the older service would ask itself costs nothing here. */
export const readAgent: ReadAgent = (text) => {
  const intent = decideIntent(classifyText(text));
  return intent.kind === "agent" ? intent.agent : null;
};
