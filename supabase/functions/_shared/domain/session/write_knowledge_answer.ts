import type { KnowledgeAnswer, KnowledgeHit } from "../../ports_knowledge.ts";
import { foldText } from "../fold_text.ts";
import type { Language } from "./service_menu.ts";

/** Of one message: what can be read on a phone without scrolling far. */
const LONGEST_PASSAGE = 900;
/** Shorter words say little about what a text is about. */
const SHORTEST_WORD = 4;

const WORDS: { [L in Language]: { source: string; menu: string } } = {
  en: { source: "Source", menu: "Write MENU for our services." },
  fr: { source: "Source", menu: "Écrivez MENU pour nos services." },
  sw: { source: "Chanzo", menu: "Andika MENYU kuona huduma zetu." },
  rw: { source: "Aho byavuye", menu: "Andika MENU urebe serivisi zacu." },
};

/**
 * What the documents say about a question, in their own words and with the source named; null where
 * they say nothing of what it is about. The text is quoted, never read: whatever it tells to do, it
 * changes nothing but this message.
 */
export function writeKnowledgeAnswer(
  { question, found, language }: {
    question: string;
    found: KnowledgeAnswer;
    language: Language;
  },
): { text: string; hit: KnowledgeHit } | null {
  const words = listWords(question);
  // Vectors always find something that is nearest; nearest is not near.
  const hit = found.hits.find(({ title, content }) => countWords(`${title} ${content}`, words) > 0);
  if (hit === undefined) return null;
  const { source, menu } = WORDS[language];
  const passage = pickPassage(hit.content, words);
  return { text: `${passage}\n\n${source}: ${hit.title}\n${menu}`, hit };
}

/** The paragraph that has most of the words, and what follows it, as much as fits. */
function pickPassage(content: string, words: ReadonlySet<string>): string {
  const whole = content.trim();
  if (whole.length <= LONGEST_PASSAGE) return whole;
  const paragraphs = whole.split(/\n{2,}/).map((paragraph) => paragraph.trim()).filter(Boolean);
  const counts = paragraphs.map((paragraph) => countWords(paragraph, words));
  let last = counts.indexOf(Math.max(...counts));
  let passage = paragraphs[last] ?? whole;
  while (last + 1 < paragraphs.length) {
    const longer = `${passage}\n\n${paragraphs[last + 1]}`;
    if (longer.length > LONGEST_PASSAGE) break;
    passage = longer;
    last += 1;
  }
  return cut(passage);
}

/** At a sentence's end where there is one in the second half, else at a word's. */
function cut(text: string): string {
  if (text.length <= LONGEST_PASSAGE) return text;
  const short = text.slice(0, LONGEST_PASSAGE - 1).toWellFormed();
  const sentence = Math.max(...[". ", "! ", "? ", "\n"].map((end) => short.lastIndexOf(end)));
  if (sentence > LONGEST_PASSAGE / 2) return short.slice(0, sentence + 1).trim();
  const word = short.lastIndexOf(" ");
  return `${(word > 0 ? short.slice(0, word) : short).trim()}…`;
}

function listWords(text: string): Set<string> {
  return new Set(foldText(text).split(" ").filter(({ length }) => length >= SHORTEST_WORD));
}

function countWords(text: string, wanted: ReadonlySet<string>): number {
  const there = [...listWords(text)];
  return [...wanted].filter((word) => there.some((other) => isAlike(word, other))).length;
}

/** "opens" and "opening" are of one word: all but their ends is the same. */
function isAlike(left: string, right: string): boolean {
  const shorter = Math.min(left.length, right.length);
  let shared = 0;
  while (shared < shorter && left[shared] === right[shared]) shared += 1;
  return shared >= SHORTEST_WORD && shared >= shorter - 2;
}
