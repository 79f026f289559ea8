import type { Choice, OutboundContent } from "../outbox/outbound_content.ts";
import type { Language } from "../session/service_menu.ts";

/** What WhatsApp takes above buttons, and in a text of its own. */
const LONGEST_ABOVE_BUTTONS = 1_024;
const LONGEST_TEXT = 4_096;

const SHORT_QUESTION = {
  en: "Shall I do exactly this?",
  fr: "Dois-je faire exactement cela ?",
  sw: "Nifanye hivyo hasa?",
  rw: "Nkore ibyo nyine?",
} as const satisfies { [L in Language]: string };

/**
 * The question before anything is written, in the tool's words and not a model's. Nothing of it is
 * cut, since "yes" means all of it: what is too long for buttons goes ahead of them.
 */
export function askConfirmation(
  question: string,
  language: Language,
  buttons: Choice[],
): OutboundContent[] {
  if (question.length <= LONGEST_ABOVE_BUTTONS) {
    return [{ type: "buttons", content: { text: question, buttons } }];
  }
  const texts = cutInto(question, LONGEST_TEXT);
  return [
    ...texts.map((text) => ({ type: "text" as const, content: { text } })),
    { type: "buttons", content: { text: SHORT_QUESTION[language], buttons } },
  ];
}

/** By whole characters: half of an emoji is none. */
function cutInto(text: string, limit: number): string[] {
  const pieces = [""];
  for (const character of text) {
    const last = pieces.length - 1;
    if (pieces[last]!.length + character.length > limit) pieces.push(character);
    else pieces[last] += character;
  }
  return pieces;
}
