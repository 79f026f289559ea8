import type { JsonObject } from "../../ports.ts";
import type {
  AgentEvent,
  ClaimedTurn,
  CompleteTurnInput,
  QueuedReply,
  SessionPatch,
  TurnOutcome,
  WaitingMessage,
} from "../../ports_messaging.ts";
import { readIntent } from "../intent/read_intent.ts";
import type { KnowledgeAnswer } from "../../ports_knowledge.ts";
import { readOptOutWord } from "../opt_out/read_opt_out_word.ts";
import { type FlagDecision, isAgentEnabled } from "../rollout/evaluate_flags.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import { writeMenuNote } from "./menu_notes.ts";
import { isResetWord } from "./read_reset_word.ts";
import { readText } from "./read_text.ts";
import { rememberMessages } from "./remember_messages.ts";
import {
  buildServiceMenu,
  chooseLanguage,
  type Language,
  nameService,
  writeOptText,
} from "./service_menu.ts";
import { writeKnowledgeAnswer } from "./write_knowledge_answer.ts";

export type TurnInput = {
  turn: ClaimedTurn;
  flags: FlagDecision;
  settings: { language: string; has_knowledge?: boolean };
  /** What the documents say about the question that waits; null where none does, or nothing was found. */
  found?: { question: string; answer: KnowledgeAnswer } | null;
  /** milliseconds since 1970 */
  now: number;
};

/** Everything that a turn changes, decided before any of it is done. */
export type TurnDecision = {
  outcome: Exclude<TurnOutcome, "failed">;
  session: SessionPatch | null;
  outbound: QueuedReply[];
  events: AgentEvent[];
  opt: CompleteTurnInput["opt"];
};

/**
 * What to do with the messages that one contact has waiting, which are one turn. In this order: who is
 * outside the rollout isn't answered; what needs no answer gets none; words that opt out or in; a
 * question that the documents answer; then the menu, the service that is meant before the others.
 * Whoever opts out is taken at their word outside the rollout as well.
 */
export function decideTurn(
  { turn, flags, settings, now, found = null }: TurnInput,
): TurnDecision {
  const { messages, session } = turn;
  const opt = readLastOpt(messages);
  if (!flags.inside) {
    const outcome = flags.outsideRollout === "forward" ? "forwarding" : "ignored";
    return {
      outcome,
      session: null,
      outbound: [],
      opt,
      events: [
        describe("rollout", outcome === "forwarding" ? "forwarded" : "ignored", messages, {
          details: { reason: flags.reason, bucket: flags.bucket },
        }),
      ],
    };
  }
  if (messages.every((message) => message.type === "reaction")) {
    return {
      outcome: "ignored",
      session: null,
      outbound: [],
      opt: null,
      events: [describe("turn", "ignored", messages, { agent: "support" })],
    };
  }

  const intent = readIntent(messages);
  const language = chooseLanguage(
    intent.language,
    session.preferences["language"],
    settings.language,
  );
  const isEnabled = (agent: FlaggedAgent) => isAgentEnabled(flags, agent);
  const note = writeMenuNote(language, intent, (agent) => nameService(language, agent, isEnabled));
  const known = opt === null && found !== null
    ? writeKnowledgeAnswer({ question: found.question, found: found.answer, language })
    : null;
  const reply = known !== null
    ? { type: "text" as const, content: { text: known.text } }
    : opt === null
    ? buildServiceMenu(language, isEnabled, { note, first: intent.agent })
    : { type: "text" as const, content: { text: writeOptText(language, opt.state) } };
  const isReset = opt !== null || messages.some((message) => isResetWord(readText(message)));
  const said = messages.map((message) => ({
    role: "person" as const,
    text: readText(message) || `[${message.type}]`,
    at: message.sent_at ?? message.created_at,
  }));
  return {
    outcome: "answered",
    session: {
      id: session.id,
      current_agent: "support",
      ...keepLanguage(session.preferences, intent.language),
      ...(intent.place === null ? {} : { location: intent.place }),
      ...(isReset ? { flow: null, flow_step: null, collected_data: {} } : {}),
      messages: rememberMessages(session.messages, [
        ...said,
        { role: "agent", text: reply.content.text, at: new Date(now).toISOString() },
      ]),
    },
    outbound: [reply],
    opt,
    events: [describe("turn", "succeeded", messages, {
      agent: "support",
      ...(known !== null
        ? {
          intent: "knowledge",
          intent_method: "lexicon" as const,
          details: { document_id: known.hit.document_id, mode: found?.answer.mode ?? null },
        }
        : isReset
        ? { intent_method: "reset" as const }
        : intent.recorded),
      response_ms: Math.max(
        0,
        now - Date.parse(messages[0]?.created_at ?? new Date(now).toISOString()),
      ),
    })],
  };
}

/** Whoever writes clearly in another language is answered in it from now on. */
function keepLanguage(
  preferences: JsonObject,
  language: Language | null,
): Pick<SessionPatch, "preferences"> {
  if (language === null || preferences["language"] === language) return {};
  return { preferences: { ...preferences, language } };
}

/** The last word counts: STOP after START is STOP. */
function readLastOpt(messages: WaitingMessage[]): CompleteTurnInput["opt"] {
  for (const message of messages.toReversed()) {
    const text = readText(message);
    const state = readOptOutWord(text);
    if (state !== null) return { state, reason: text.slice(0, 200) };
  }
  return null;
}

function describe(
  event_type: string,
  outcome: AgentEvent["outcome"],
  messages: WaitingMessage[],
  more: Partial<AgentEvent>,
): AgentEvent {
  return { event_type, outcome, message_count: messages.length, ...more };
}
