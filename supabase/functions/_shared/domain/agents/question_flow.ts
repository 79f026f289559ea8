import { acceptBy, type Answer, type Texts } from "../flows/answer.ts";
import { type Finish, finishWith, type Flow } from "../flows/flow.ts";
import type { Choice } from "../outbox/outbound_content.ts";
import { writeKnowledgeAnswer } from "../session/write_knowledge_answer.ts";
import type { Language } from "../session/service_menu.ts";
import { sayText } from "./say_listings.ts";

const LONGEST = 500;

type Unknown = { none: Texts; actions: (language: Language) => Choice[] };

/** What the documents say, with the source named; where they say nothing, what else can be done. */
export function answerQuestion({ none, actions }: Unknown): Finish {
  return finishWith({
    tool: "search_knowledge_base",
    input: ({ question, text }) => ({ query: String(question ?? text).slice(0, LONGEST) }),
    say({ output: { passages }, data: { question, text }, language }) {
      const hits = passages.map(({ source, text }) => ({ title: source, content: text }));
      const known = writeKnowledgeAnswer({
        question: String(question ?? text),
        found: { hits },
        language,
      });
      if (known !== null) return [sayText(known.text)];
      return [{
        type: "buttons",
        content: { text: none[language], buttons: actions(language) },
      }];
    },
  });
}

/** A question to the documents; the words that begin it are the question, where they are more than one. */
export function questionFlow(
  { title, triggers, ...unknown }: Unknown & { title: Texts; triggers: Texts },
): Flow {
  const read = ({ text, choice }: Answer) => {
    const asked = text.trim();
    return choice === null && /\p{L}{2}/u.test(asked)
      ? asked.slice(0, LONGEST).toWellFormed()
      : undefined;
  };
  const said = Object.values(triggers).flatMap((list) => list.split(","));
  return {
    title,
    triggers,
    steps: {
      question: {
        ask: {
          en: "What would you like to know?",
          fr: "Que voulez-vous savoir ?",
          sw: "Ungependa kujua nini?",
          rw: "Mwifuza kumenya iki?",
        },
        label: { en: "Question", fr: "Question", sw: "Swali", rw: "Ikibazo" },
        on_error: {
          en: "Please write your question in a few words.",
          fr: "Écrivez votre question en quelques mots.",
          sw: "Tafadhali andika swali lako kwa maneno machache.",
          rw: "Andika ikibazo cyawe mu magambo make.",
        },
        accept: acceptBy(read),
        // "I have a question" is none yet.
        find: (answer) =>
          said.includes(answer.folded) || answer.folded.split(" ").length < 2
            ? undefined
            : read(answer),
      },
    },
    confirm: null,
    finish: answerQuestion(unknown),
  };
}
