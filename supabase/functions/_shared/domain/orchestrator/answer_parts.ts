import type { WaitingMessage } from "../../ports_messaging.ts";
import type { Answer } from "../flows/answer.ts";
import { foldText } from "../fold_text.ts";
import type { OutboundContent } from "../outbox/outbound_content.ts";
import { writeOptText } from "../session/service_menu.ts";
import { divideBurst, type Part } from "./divide_burst.ts";
import { isTap, isWritten, listUnread, readSaid } from "./read_said.ts";
import { routeTurn } from "./route_turn.ts";
import type { Deciding } from "./run_task.ts";
import { say, sayText, type Scene } from "./scene.ts";
import type { TurnInput } from "./turn_input.ts";
import { TURN_WORDS } from "./words.ts";

/** One part of the burst after the other: what a part asks is left out where another one follows. */
export function* answerParts(scene: Scene): Deciding<void> {
  const { messages } = scene.input.turn;
  const waits = scene.task !== null || scene.memory.proposal !== null;
  const parts = divideBurst(messages, { waits });
  const told = parts.map(({ said }) => said.unread);
  const untold = listUnread(messages).filter((kind) => !told.includes(kind));
  if (untold.length > 0) {
    sayText(scene, untold.map((kind) => TURN_WORDS[kind][scene.language]).join("\n"));
  }
  let left: OutboundContent | undefined;
  for (const [place, part] of parts.entries()) {
    if (place > 0) left = turnToNext(scene) ?? left;
    scene.said = part.said;
    scene.heard = part.messages;
    scene.answer = describeAnswer(scene, part, place > 0);
    scene.goes_on = place < parts.length - 1;
    if (part.opted === null) yield* routeTurn(scene);
    else opt(scene, part.opted);
  }
  // Somebody else was meant who can't come: the question waits all the same.
  if (scene.task !== null && !scene.asked && left !== undefined) say(scene, left);
  // What is remembered is all that was written.
  scene.said = readSaid(messages.filter((message) => !isTap(message)));
}

/** The question of the part before is left out: it is answered now, or comes again. */
function turnToNext(scene: Scene): OutboundContent | undefined {
  const question = scene.asked ? scene.replies.pop() : undefined;
  scene.asked = false;
  scene.recent = scene.agent;
  scene.carried = { data: {} };
  return question;
}

function opt(scene: Scene, opted: "opted_out" | "opted_in"): void {
  scene.task = null;
  scene.memory = {
    ...scene.memory,
    aside: [],
    last: null,
    proposal: null,
    failures: 0,
    came_from: null,
  };
  scene.agent = "support";
  scene.recognised = { intent: null, intent_confidence: null, intent_method: "reset" };
  // Whoever goes on behind it has not left.
  scene.ended = opted === "opted_out" && !scene.goes_on;
  sayText(scene, writeOptText(scene.language, opted));
}

export function describeAnswer(
  { input, language }: Pick<Scene, "input" | "language">,
  { said, messages }: Pick<Part, "said" | "messages">,
  isFollowing: boolean,
): Answer {
  const { turn, settings, now } = input;
  return {
    text: said.text,
    folded: foldText(said.text),
    language,
    choice: said.choice,
    location: said.location,
    now,
    time_zone: settings.time_zone ?? "UTC",
    currency: settings.currency ?? "RWF",
    is_early: isFollowing || messages.some((message) => arrivedBefore(message, turn)),
  };
}

/**
 * Whether a message was there before the question that waits. Every turn that keeps a question asks it,
 * and the session is written then: both times are the database's own, one clock. Meta's time of a
 * message has whole seconds, in which a quick yes would come before its question.
 */
function arrivedBefore(message: WaitingMessage, { session }: TurnInput["turn"]): boolean {
  return isWritten(message) &&
    Date.parse(message.created_at) <= Date.parse(session.last_message_at);
}

/** Only the last of them offers anything: what came before it is told in words. */
export function askOnce(replies: readonly OutboundContent[]): OutboundContent[] {
  const last = replies.findLastIndex(({ type }) => type !== "text");
  return replies.map((reply, place) =>
    place === last || !("text" in reply.content)
      ? reply
      : { type: "text", content: { text: reply.content.text } }
  );
}
