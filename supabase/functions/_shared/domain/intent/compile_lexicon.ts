import { AGENTS } from "../agents/registry.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import { LANGUAGES } from "../session/service_menu.ts";
import { EVERYDAY_WORDS, WISHES } from "./everyday_words.ts";
import { type Lexicon, type Strength, WEIGHTS } from "./lexicon.ts";
import { type PlaceKind, PLACES } from "./places.ts";
import { SMALL_TALK, type SmallTalk } from "./small_talk.ts";
import { splitAll, splitWords } from "./split_words.ts";
import { spellOut } from "./verb_prefixes.ts";

/** What a phrase says. One phrase may speak for several services, each with its weight. */
export type Meaning = {
  weights: Map<FlaggedAgent, number>;
  talk: SmallTalk | null;
  place: PlaceKind | null;
};
export type Node = { next: Map<string, Node>; meaning: Meaning | null };
export type CompiledLexicon = {
  root: Node;
  /** A word with one letter missing -> the word it was made of; `null` where there are several. */
  misspelt: Map<string, string | null>;
  /** Words by which people ask for something, and those that say nothing by themselves. */
  wishes: Set<string>;
  everyday: Set<string>;
};

const STRENGTHS = Object.keys(WEIGHTS) as Strength[];
/** Shorter words are each other's misspellings too often. */
export const SHORTEST_CORRECTED = 7;

/** All phrases as one tree of words. The order of agents makes no difference. */
export function compileLexicon(
  agents: { [Agent in FlaggedAgent]?: { lexicon: Lexicon } },
): CompiledLexicon {
  const root = createNode();
  const written = new Set<string>();
  for (const [agent, definition] of Object.entries(agents)) {
    for (const language of LANGUAGES) {
      const { never = "", ...phrases } = definition.lexicon[language];
      for (const strength of STRENGTHS) {
        for (const phrase of readPhrases(phrases[strength] ?? "")) {
          for (const spelling of spellOut(phrase, language)) {
            const words = splitWords(spelling);
            if (!phrase.includes("~")) words.forEach((word) => written.add(word));
            const { weights } = meaningOf(root, words);
            const name = agent as FlaggedAgent;
            weights.set(name, Math.max(weights.get(name) ?? 0, WEIGHTS[strength]));
          }
        }
      }
      for (const phrase of readPhrases(never)) {
        for (const spelling of spellOut(phrase, language)) meaningOf(root, splitWords(spelling));
      }
    }
  }
  for (const [talk, phrases] of Object.entries(SMALL_TALK)) {
    for (const phrase of readPhrases(phrases)) {
      meaningOf(root, splitWords(phrase)).talk = talk as SmallTalk;
    }
  }
  for (const [kind, names] of Object.entries(PLACES)) {
    for (const name of readPhrases(names)) {
      meaningOf(root, splitWords(name)).place = kind as PlaceKind;
    }
  }
  return {
    root,
    misspelt: listMisspellings(written),
    wishes: new Set(Object.values(WISHES).flatMap(splitAll)),
    everyday: new Set(Object.values(EVERYDAY_WORDS).flatMap(splitAll)),
  };
}

let compiled: CompiledLexicon | null = null;

/** Of all agents; made by the first message that needs it, not by a cold start. */
export function readLexicon(): CompiledLexicon {
  return compiled ??= compileLexicon(AGENTS);
}

export function readPhrases(phrases: string): string[] {
  return phrases.replace(/\s+/g, " ").split(",").map((phrase) => phrase.trim()).filter((phrase) =>
    phrase !== ""
  );
}

function createNode(): Node {
  return { next: new Map(), meaning: null };
}

function meaningOf(root: Node, words: readonly string[]): Meaning {
  let node = root;
  for (const word of words) {
    let next = node.next.get(word);
    if (next === undefined) node.next.set(word, next = createNode());
    node = next;
  }
  return node.meaning ??= { weights: new Map(), talk: null, place: null };
}

function listMisspellings(words: Iterable<string>): CompiledLexicon["misspelt"] {
  const misspelt: CompiledLexicon["misspelt"] = new Map();
  for (const word of words) {
    if (word.length < SHORTEST_CORRECTED) continue;
    for (const shorter of new Set(dropEachLetter(word))) {
      const known = misspelt.get(shorter);
      misspelt.set(shorter, known === undefined || known === word ? word : null);
    }
  }
  return misspelt;
}

/** The word without its second letter, without its third…: a first letter is rarely mistyped. */
export function dropEachLetter(word: string): string[] {
  return Array.from(
    { length: word.length - 1 },
    (_, index) => word.slice(0, index + 1) + word.slice(index + 2),
  );
}
