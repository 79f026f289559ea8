import type { WaitingMessage } from "../../ports_messaging.ts";
import { foldText } from "../fold_text.ts";
import { classifyText } from "../intent/classify_text.ts";
import { decideIntent } from "../intent/decide_intent.ts";
import { readOptOutWord } from "../opt_out/read_opt_out_word.ts";
import { isResetWord } from "../session/read_reset_word.ts";
import { readText } from "../session/read_text.ts";
import { isConfirming, isTap, isWritten, readSaid, type Said } from "./read_said.ts";

/** What is answered by itself of a burst. */
export type Part = {
  said: Said;
  /** The part is a word that opts out or in. */
  opted: ReturnType<typeof readOptOutWord>;
  messages: readonly WaitingMessage[];
};

/**
 * A burst as what is answered one after the other, at least one part: the last word that opts out or in
 * and the last one behind it that resets, which end whatever was said before them; then the rest. A row
 * or button and what is written beside it are parts of their own: as they came where a question waits,
 * since what was written first may be its answer; else the row first, which says what the words are about.
 */
export function divideBurst(
  messages: readonly WaitingMessage[],
  { waits }: { waits: boolean },
): Part[] {
  const control: Part[] = [];
  let rest = messages;
  const opt = messages.findLastIndex((message) => readOptOutWord(readText(message)) !== null);
  if (opt >= 0) {
    const word = messages[opt]!;
    control.push({ ...readPart([word]), opted: readOptOutWord(readText(word)) });
    rest = rest.slice(opt + 1);
  }
  const reset = rest.findLastIndex((message) => readSaid([message]).texts.some(isResetWord));
  if (reset >= 0) {
    control.push(readPart([rest[reset]!]));
    rest = rest.slice(reset + 1);
  }
  const isBegun = control.length > 0;
  const parts = divideRest(rest, waits && !isBegun).map(readPart);
  const isAlone = !isBegun && parts.length === 1;
  return [...control, ...parts.filter(({ said }) => isAlone || needsAnswer(said))];
}

function divideRest(
  messages: readonly WaitingMessage[],
  waits: boolean,
): (readonly WaitingMessage[])[] {
  const tap = messages.findLastIndex(isTap);
  const tapped = messages[tap];
  if (tapped === undefined || !messages.some(isWritten)) return [messages];
  // Whoever writes beside a yes says more than that what was read back is right.
  if (isConfirming(tapped)) return [messages.filter((message) => !isTap(message))];
  const before = messages.slice(0, tap).filter(isWritten);
  const after = messages.slice(tap + 1).filter(isWritten);
  const chosen = messages.filter((message) => !isWritten(message));
  return (waits ? [before, chosen, after] : [chosen, [...before, ...after]])
    .filter(({ length }) => length > 0);
}

function readPart(messages: readonly WaitingMessage[]): Part {
  return { said: readSaid(messages), opted: null, messages };
}

const NOD = /^(?:h+m+|ok|okay|k|a+h+|o+h+)$/;

/** A nod or a greeting beside what is answered anyway needs no answer of its own. */
function needsAnswer({ text, choice, location, unread }: Said): boolean {
  if (text !== "") {
    return !NOD.test(foldText(text)) && decideIntent(classifyText(text)).kind !== "talk";
  }
  return choice !== null || location !== null || (unread !== null && unread !== "reaction");
}
