import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import {
  type CompiledLexicon,
  dropEachLetter,
  type Meaning,
  type Node,
  readLexicon,
  SHORTEST_CORRECTED,
} from "./compile_lexicon.ts";
import { WEIGHTS } from "./lexicon.ts";
import type { SmallTalk } from "./small_talk.ts";
import { splitWords } from "./split_words.ts";

export type Classification = {
  /** The service most spoken for; null where nothing speaks for any. */
  agent: FlaggedAgent | null;
  /** 0 to 1 */
  confidence: number;
  /** How far the next one is behind, 0 to 1. */
  margin: number;
  /** What was said besides, the most telling first: a greeting is one only if nothing else is meant. */
  talk: SmallTalk | null;
};

/** How much of the doubt that a rival throws counts. */
const DOUBT = 0.5;
/** What words that aren't understood take away: at all, each, at most. */
const DOUBT_OF_WORDS = {
  wished: { first: 0, each: 0.06, most: 0.3 },
  unasked: { first: 0.15, each: 0.1, most: 0.45 },
};
/** Longer words are nobody's typing, and would cost more than their length. */
const LONGEST_CORRECTED = 24;
const TALK_FIRST: readonly SmallTalk[] = ["thanks", "farewell", "greeting"];

/**
 * Which service a text is about, by the phrases in it, the longest first; a phrase counts once
 * however often it is said. Weights of one service add up as chances do, 1 - (1-a)(1-b)…; the
 * strongest rival takes up to half of the confidence away, and so do words that aren't understood,
 * most where nothing is asked for ("can pigs fly"). Time is linear in the text's length.
 */
export function classifyText(
  text: string,
  lexicon: CompiledLexicon = readLexicon(),
): Classification {
  const found = findPhrases(splitWords(text), lexicon);
  const talk = TALK_FIRST.find((kind) => found.talks.has(kind)) ?? null;
  const [first, second] = weigh(found);
  if (first === undefined) return { agent: null, confidence: 0, margin: 0, talk };
  const focus = 1 - doubtWords(found);
  const confidence = focus * first.value * (1 - DOUBT * (second?.value ?? 0));
  const next = focus * (second?.value ?? 0) * (1 - DOUBT * first.value);
  return {
    agent: first.agent,
    confidence: round(confidence),
    margin: round(confidence - next),
    talk,
  };
}

function doubtWords({ unknown, wished }: Found): number {
  const { first, each, most } = DOUBT_OF_WORDS[wished ? "wished" : "unasked"];
  return unknown === 0 ? 0 : Math.min(most, first + each * unknown);
}

type Found = {
  meanings: Set<Meaning>;
  talks: Set<SmallTalk>;
  places: Set<Meaning>;
  wished: boolean;
  unknown: number;
};

/** What speaks for each service, 0 to 1, the most first. */
function weigh({ meanings, places }: Found): { agent: FlaggedAgent; value: number }[] {
  const doubts = new Map<FlaggedAgent, number>();
  const add = (agent: FlaggedAgent, weight: number) =>
    doubts.set(agent, (doubts.get(agent) ?? 1) * (1 - weight));
  for (const { weights } of meanings) for (const [agent, weight] of weights) add(agent, weight);
  if (isWay(places)) {
    // Where nothing else is wanted somebody wants to go there; a house may be between two places.
    const isAlone = [...doubts].every(([agent, doubt]) =>
      agent === "rides" || doubt > 1 - WEIGHTS.sure
    );
    add("rides", isAlone ? WEIGHTS.likely : WEIGHTS.hint);
  }
  return [...doubts].map(([agent, doubt]) => ({ agent, value: 1 - doubt }))
    .sort((one, other) => other.value - one.value || (one.agent < other.agent ? -1 : 1));
}

function isWay(places: Set<Meaning>): boolean {
  const kinds = [...places].map(({ place }) => place);
  return new Set(kinds).size < kinds.length;
}

function findPhrases(words: readonly string[], lexicon: CompiledLexicon): Found {
  const found: Found = {
    meanings: new Set(),
    talks: new Set(),
    places: new Set(),
    wished: words.some((word) => lexicon.wishes.has(word)),
    unknown: 0,
  };
  for (let index = 0; index < words.length;) {
    const { meaning, length } = findLongest(words, index, lexicon);
    if (meaning === null && !lexicon.everyday.has(words[index]!)) found.unknown += 1;
    if (meaning !== null) {
      if (meaning.weights.size > 0) found.meanings.add(meaning);
      else if (meaning.talk !== null) found.talks.add(meaning.talk);
      if (meaning.place !== null) found.places.add(meaning);
    }
    index += length;
  }
  return found;
}

/** The longest phrase that begins at a word; that word alone where none does. */
function findLongest(
  words: readonly string[],
  start: number,
  lexicon: CompiledLexicon,
): { meaning: Meaning | null; length: number } {
  let found: { meaning: Meaning | null; length: number } = { meaning: null, length: 1 };
  let node: Node | undefined = lexicon.root;
  for (let index = start; index < words.length; index += 1) {
    node = follow(node, words[index]!, lexicon);
    if (node === undefined) break;
    if (node.meaning !== null) found = { meaning: node.meaning, length: index - start + 1 };
  }
  return found;
}

/** By the word, by its singular, or by the one word it is a letter away from. */
function follow(node: Node, word: string, { misspelt }: CompiledLexicon): Node | undefined {
  const next = node.next.get(word) ??
    (word.endsWith("s") ? node.next.get(word.slice(0, -1)) : undefined);
  if (
    next !== undefined || word.length < SHORTEST_CORRECTED - 1 || word.length > LONGEST_CORRECTED
  ) {
    return next;
  }
  const meant = correct(word, misspelt);
  return meant === null ? undefined : node.next.get(meant);
}

function correct(word: string, misspelt: CompiledLexicon["misspelt"]): string | null {
  // A letter was left out: the word itself is the lesser one. One too many or a wrong one: so is it
  // without one of its letters.
  const direct = misspelt.get(word);
  if (direct !== undefined) return direct;
  for (const shorter of dropEachLetter(word)) {
    const meant = misspelt.get(shorter);
    if (meant !== undefined && meant !== null) return meant;
  }
  return null;
}

const round = (value: number) => Math.round(value * 1000) / 1000;
