import type { JsonObject } from "../../ports.ts";
import type { AgentEvent, InboundType } from "../../ports_messaging.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { Language } from "../session/service_menu.ts";
import { classifyText } from "./classify_text.ts";
import { decideIntent } from "./decide_intent.ts";
import { detectLanguage } from "./detect_language.ts";
import { type MessageMeaning, readMeaning } from "./read_meaning.ts";

export type TurnIntent = {
  /** The service that is meant; null where it has to be asked for. */
  agent: FlaggedAgent | null;
  /** What a turn's event records. */
  recorded: Required<Pick<AgentEvent, "intent" | "intent_confidence" | "intent_method">>;
  /** What the person writes in; null where it isn't clear. */
  language: Language | null;
  /** What can't be read or heard, where nothing else was said. */
  unread: Extract<MessageMeaning, { kind: "unread" }>["what"] | null;
  /** The last place that was sent. */
  place: Omit<Extract<MessageMeaning, { kind: "place" }>, "kind"> | null;
};

type Message = { type: InboundType; content: JsonObject };

/**
 * What the messages of one turn are about: the last thing chosen from a menu, or a cart; else their
 * words, which are one text, since people write a wish in pieces.
 */
export function readIntent(messages: readonly Message[]): TurnIntent {
  const meanings = messages.map(readMeaning);
  const text = meanings.flatMap((meaning) => meaning.kind === "words" ? [meaning.text] : [])
    .join("\n");
  const chosen = meanings.findLast((meaning) => meaning.kind === "agent");
  const place = meanings.findLast((meaning) => meaning.kind === "place");
  const unread = meanings.findLast((meaning) => meaning.kind === "unread");
  const { language, isClear } = detectLanguage(text);
  return {
    ...(chosen === undefined ? readWords(text) : {
      agent: chosen.agent,
      recorded: { intent: chosen.agent, intent_confidence: 1, intent_method: "menu" as const },
    }),
    language: isClear ? language : null,
    unread: text === "" && chosen === undefined ? unread?.what ?? null : null,
    place: place === undefined
      ? null
      : { latitude: place.latitude, longitude: place.longitude, name: place.name },
  };
}

function readWords(text: string): Pick<TurnIntent, "agent" | "recorded"> {
  const decision = decideIntent(classifyText(text));
  switch (decision.kind) {
    case "agent":
      return {
        agent: decision.agent,
        recorded: {
          intent: decision.agent,
          intent_confidence: decision.confidence,
          intent_method: "lexicon",
        },
      };
    case "talk":
      return {
        agent: null,
        recorded: { intent: decision.talk, intent_confidence: null, intent_method: "menu" },
      };
    case "undecided":
      return {
        agent: null,
        recorded: {
          intent: decision.agent,
          intent_confidence: decision.agent === null ? null : decision.confidence,
          intent_method: "asked",
        },
      };
  }
}
