import type { JsonObject } from "../../ports.ts";
import type {
  AgentEvent,
  QueuedReply,
  SessionPatch,
  WaitingMessage,
} from "../../ports_messaging.ts";
import { findAgent } from "../agents/registry.ts";
import { detectLanguage } from "../intent/detect_language.ts";
import { fitContent } from "../outbox/fit_content.ts";
import { isFeatureEnabled } from "../rollout/evaluate_flags.ts";
import { FLAGGED_AGENTS } from "../rollout/parse_flags.ts";
import { readText } from "../session/read_text.ts";
import { answerParts, askOnce, describeAnswer } from "./answer_parts.ts";
import { writeFailure } from "./write_failure.ts";
import { rememberMessages } from "../session/remember_messages.ts";
import { chooseLanguage, type Language } from "../session/service_menu.ts";
import { readMemory, type Task, writeMemory } from "./memory.ts";
import { writePreference } from "./preferences.ts";
import { isTap, readSaid, type Said } from "./read_said.ts";
import { say, sayText, type Scene } from "./scene.ts";
import type { DecideTurn, TurnDecision, TurnInput } from "./turn_input.ts";
import { TURN_WORDS } from "./words.ts";

/**
 * What to do with the messages that one contact has waiting, which are one turn. In this order: who is
 * outside the rollout isn't answered; what needs no answer gets none; then the parts of the burst, of which
 * words that opt out or in are confirmed and all others go to `routeTurn`. Whoever opts out was taken at their word when it was stored, outside the rollout as well.
 *
 * A generator: it asks for what it has to know, and whoever runs it answers. Nothing is done here, and
 * the same input with the same answers decides the same.
 */
export const decideTurn: DecideTurn = function* (input) {
  const { turn, flags } = input;
  const { messages } = turn;
  if (!flags.inside) {
    const outcome = flags.outsideRollout === "forward" ? "forwarding" : "ignored";
    const event = outcome === "forwarding" ? "forwarded" : "ignored";
    return nothing(outcome, [
      describe("rollout", event, messages, {
        details: { reason: flags.reason, bucket: flags.bucket },
      }),
    ]);
  }

  const scene = openScene(input);
  if (messages.every((message) => message.type === "reaction") && !waitsForAnswer(scene)) {
    return nothing("ignored", [describe("turn", "ignored", messages, { agent: "support" })]);
  }
  try {
    announceExpiry(scene);
    yield* answerParts(scene);
  } catch (error) {
    return fail(scene, error);
  }
  return close(scene);
};

/** An agent that spoke so lately is still meant. */
const RECENT_MILLISECONDS = 5 * 60_000;

function openScene(input: TurnInput): Scene {
  const { turn, now } = input;
  const { session } = turn;
  const said = readSaid(turn.messages);
  const written = readSaid(turn.messages.filter((message) => !isTap(message)));
  const memory = readMemory(session.context);
  const language = chooseTurnLanguage(input, written, memory.language);
  const current = FLAGGED_AGENTS.find((agent) => agent === session.current_agent) ?? null;
  const isRecent = now - Date.parse(session.last_message_at) <= RECENT_MILLISECONDS;
  const scene: Scene = {
    input,
    said,
    answer: describeAnswer({ input, language }, { said, messages: turn.messages }, false),
    heard: turn.messages,
    goes_on: false,
    asked: false,
    recent: isRecent ? current : null,
    language,
    memory: { ...memory, language },
    task: readTask(input, memory.open),
    agent: current,
    at_work: null,
    handed_off_from: null,
    recognised: { intent: null, intent_confidence: null, intent_method: "menu" },
    replies: [],
    effects: [],
    tools: [],
    usage: { input_tokens: null, output_tokens: null, cost_usd: null },
    carried: { data: {} },
    preferences: session.preferences,
    details: {},
    ended: false,
  };
  return scene;
}

/**
 * Whether a reaction has to be answered: a question waits, and whoever reacts to it may think that it is
 * answered. Which message it was put on can't be told, so a thumb is no yes; to anything else, and
 * where it is taken back, it is as silent as a nod.
 */
function waitsForAnswer({ said, task, memory }: Scene): boolean {
  return said.unread === "reaction" && (task !== null || memory.proposal !== null);
}

const WORDS_THAT_TELL = 3;

function countWords(text: string): number {
  return text.match(/\p{L}{2,}/gu)?.length ?? 0;
}

/** What the person writes in now; else what they wrote in before. */
function chooseTurnLanguage(
  { turn, flags, settings }: TurnInput,
  said: Said,
  before: Language | null,
): Language {
  const { language, isClear } = detectLanguage(said.text);
  // A word or a sum in the middle of a conversation tells no other language.
  const tells = before === null || countWords(said.text) >= WORDS_THAT_TELL;
  if (tells && said.text !== "" && isClear && language !== null) return language;
  const { preferences, current_agent } = turn.session;
  const agents = preferences["agents"] as { [agent: string]: JsonObject } | undefined;
  const known = isFeatureEnabled(flags, "sharedPreferences")
    ? preferences["language"]
    : agents?.[current_agent ?? "support"]?.["language"];
  return chooseLanguage(before, known, settings.language);
}

function readTask({ turn }: TurnInput, open: Task | null): Task | null {
  const { current_agent, flow, flow_step, collected_data } = turn.session;
  const agent = FLAGGED_AGENTS.find((known) => known === current_agent);
  if (open !== null) return open;
  if (agent === undefined || flow === null || flow_step === null) return null;
  return { agent, flow, step: flow_step, data: collected_data };
}

/** What somebody had begun when their last session ended; it was kept as a preference for that. */
function announceExpiry(scene: Scene): void {
  const { unfinished, ...preferences } = scene.preferences;
  if (unfinished === undefined || !scene.input.turn.returned || scene.task !== null) return;
  scene.preferences = preferences;
  if (typeof unfinished !== "object" || unfinished === null || Array.isArray(unfinished)) return;
  const agent = FLAGGED_AGENTS.find((known) => known === unfinished["agent"]);
  const title = agent === undefined
    ? undefined
    : findAgent(agent).flows[String(unfinished["flow"])]?.title[scene.language];
  if (title !== undefined) sayText(scene, `${TURN_WORDS.expired[scene.language]} ${title}`);
}

function close(scene: Scene): TurnDecision {
  const { input, memory, said } = scene;
  const { turn, now } = input;
  if (scene.replies.length === 0) say(scene, { type: "text", content: { text: "…" } });
  const outbound = askOnce(scene.replies).map((reply): QueuedReply => fitContent(reply));
  keepPreferences(scene);
  const isPlain = !isFeatureEnabled(input.flags, "hybridFlows");
  const task = scene.task;
  const session: SessionPatch = {
    id: turn.session.id,
    ...(scene.ended ? { status: "completed" } : {}),
    // A question that waits is its own agent's, whoever spoke last.
    current_agent: task?.agent ?? scene.agent ?? "support",
    flow: isPlain ? null : task?.flow ?? null,
    flow_step: isPlain ? null : task?.step ?? null,
    collected_data: task?.data ?? {},
    context: writeMemory({ ...memory, open: isPlain ? task : null }),
    preferences: scene.preferences,
    ...(said.location === null ? {} : { location: said.location }),
    messages: rememberMessages(turn.session.messages, [
      ...turn.messages.map((message) => ({
        role: "person" as const,
        text: readText(message) || `[${message.type}]`,
        at: message.sent_at ?? message.created_at,
      })),
      ...outbound.map(({ content }) => ({
        role: "agent" as const,
        text: "text" in content ? content.text : "",
        at: new Date(now).toISOString(),
      })),
    ]),
  };
  const event = describe("turn", "succeeded", turn.messages, {
    agent: scene.agent ?? "support",
    ...scene.recognised,
    flow: task?.flow ?? null,
    flow_step: task?.step ?? null,
    tools: scene.tools,
    handed_off_from: scene.handed_off_from,
    ...scene.usage,
    response_ms: sinceFirst(turn.messages, now),
    details: scene.details,
  });
  return {
    outcome: "answered",
    error: null,
    session,
    outbound,
    effects: scene.effects,
    events: [event],
  };
}

/** A mistake of ours: said politely, written down, and nothing of the task is left to fail again. */
function fail(scene: Scene, error: unknown): TurnDecision {
  const { input, language } = scene;
  const { turn } = input;
  const reason = error instanceof Error ? error.message.slice(0, 500) : "unknown error";
  return {
    outcome: "failed",
    error: reason,
    session: {
      id: turn.session.id,
      current_agent: "support",
      flow: null,
      flow_step: null,
      collected_data: {},
      context: writeMemory({ ...scene.memory, open: null, proposal: null, failures: 0 }),
    },
    outbound: [writeFailure(language)],
    effects: [],
    events: [describe("turn", "failed", turn.messages, {
      agent: scene.at_work,
      ...scene.recognised,
      tools: scene.tools,
      handed_off_from: scene.handed_off_from,
      ...scene.usage,
      error: reason,
    })],
  };
}

function keepPreferences(scene: Scene): void {
  const { said, task, memory } = scene;
  if (memory.language !== null) writePreference(scene, "language", memory.language);
  if (said.location !== null) writePreference(scene, "location", said.location);
  const { unfinished: _before, ...preferences } = scene.preferences;
  scene.preferences = task === null
    ? preferences
    : { ...preferences, unfinished: { agent: task.agent, flow: task.flow } };
}

function nothing(
  outcome: "ignored" | "forwarding",
  events: AgentEvent[],
): TurnDecision {
  return { outcome, error: null, session: null, outbound: [], effects: [], events };
}

function sinceFirst(messages: readonly WaitingMessage[], now: number): number {
  return Math.max(0, now - Date.parse(messages[0]?.created_at ?? new Date(now).toISOString()));
}

function describe(
  event_type: string,
  outcome: AgentEvent["outcome"],
  messages: readonly WaitingMessage[],
  more: Partial<AgentEvent>,
): AgentEvent {
  return { event_type, outcome, message_count: messages.length, ...more };
}

export { writeFailure };
