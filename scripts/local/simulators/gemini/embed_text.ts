import { foldText } from "../../../../supabase/functions/_shared/domain/fold_text.ts";
import { conceptOf, isStopWord, stemWord } from "./words.ts";

const PLACES_PER_FEATURE = 8;
const TRIGRAM_WEIGHT = 0.25;
/** Less than 1, as Gemini's shortened vectors have: who compares them has to normalise them. */
const LENGTH = 0.7;

/**
 * A vector that means something, always the same for the same text: what a text is about (words
 * without their endings, one concept for English and French) and, weaker, how its words are written.
 */
export function embedText(text: string, dimensions: number): number[] {
  const weights = new Map<string, number>();
  const add = (feature: string, weight: number) =>
    weights.set(feature, (weights.get(feature) ?? 0) + weight);
  for (const word of foldText(text).split(" ")) {
    if (word === "" || isStopWord(word)) continue;
    const stem = stemWord(word);
    add(conceptOf(stem), 1);
    const padded = `_${stem}_`;
    for (let at = 0; at + 3 <= padded.length; at++) {
      add(`~${padded.slice(at, at + 3)}`, TRIGRAM_WEIGHT / Math.sqrt(padded.length));
    }
  }
  const vector = new Array<number>(dimensions).fill(0);
  for (const [feature, count] of weights) {
    // A word that is said ten times is not ten times what the text is about.
    const weight = feature.startsWith("~") ? Math.sqrt(count) * 0.5 : 1 + Math.log(count);
    for (let place = 0; place < PLACES_PER_FEATURE; place++) {
      const hash = hashText(`${place}:${feature}`);
      vector[(hash >>> 1) % dimensions]! += hash & 1 ? weight : -weight;
    }
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  // A text without words points where no other one does.
  if (length === 0) vector[hashText(text) % dimensions] = LENGTH;
  return length === 0
    ? vector
    : vector.map((value) => Number((value / length * LENGTH).toFixed(7)));
}

/** FNV-1a with a final mix, since the low bits choose the sign. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
