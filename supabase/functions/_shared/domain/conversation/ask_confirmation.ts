import type { OutboundContent } from "../outbox/outbound_content.ts";
import type { Language } from "../session/service_menu.ts";

/** What WhatsApp takes above buttons. */
const LONGEST_QUESTION = 1_024;

const WORDS = {
  en: { yes: "Yes", no: "No" },
  fr: { yes: "Oui", no: "Non" },
  sw: { yes: "Ndiyo", no: "Hapana" },
  rw: { yes: "Yego", no: "Oya" },
} as const satisfies { [L in Language]: { yes: string; no: string } };

/**
 * The question before anything is written. The words are those of the tool, made from the arguments
 * that will be used: a model has no say in them.
 */
export function askConfirmation(question: string, language: Language): OutboundContent {
  const { yes, no } = WORDS[language];
  const text = question.length > LONGEST_QUESTION
    ? `${question.slice(0, LONGEST_QUESTION - 2).toWellFormed().trimEnd()} …`
    : question;
  return {
    type: "buttons",
    content: {
      text,
      buttons: [{ id: "answer:yes", title: yes }, { id: "answer:no", title: no }],
    },
  };
}
