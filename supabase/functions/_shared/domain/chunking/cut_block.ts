import type { Block } from "./read_blocks.ts";
import { UNITS_PER_WEIGHT, weighText, weighUnit } from "./weigh_text.ts";

/** What a chunk is made of: a block, or a part of one that is too large. */
export type Piece = {
  kind: Block["kind"];
  from: number;
  to: number;
  weight: number;
  heading_path: string[];
  /** What its content begins with where it doesn't begin with it itself. */
  head: { from: number; to: number } | null;
};

/** Places to cut at, the best first: an item or row, a sentence, a word, any character. */
const RANKS = 3;
const SENTENCE_ENDS = new Set([".", "!", "?", "…", "。", "！", "？", "؟", "።"]);

/** A block in pieces of at most `limit`; a table's later pieces repeat its head. */
export function cutBlock(text: string, block: Block, limit: number): Piece[] {
  const { kind, heading_path } = block;
  const whole = weighText(text, block.from, block.to);
  if (whole <= limit) {
    const { from, to } = block;
    return [{ kind, from, to, weight: whole, heading_path, head: null }];
  }
  const headWeight = block.head === null ? 0 : weighText(text, block.head.from, block.head.to);
  const head = headWeight * 3 <= limit ? block.head : null;
  const room = limit - (head === null ? 0 : headWeight);
  return cutRange(text, block, room).map((cut) => {
    const own = weighText(text, cut.from, cut.to);
    const repeated = head !== null && cut.from >= head.to ? head : null;
    const weight = own + (repeated === null ? 0 : headWeight);
    return { kind, ...cut, weight, heading_path, head: repeated };
  });
}

/**
 * Cuts where it hurts least in the second half of what fits. Each cut reads at most `limit` ahead and
 * gives at least half of that, so that the whole takes time in proportion to the text.
 */
function cutRange(text: string, { from, to, seams }: Block, limit: number) {
  const cuts: { from: number; to: number }[] = [];
  let start = from;
  let seam = 0;
  while (start < to) {
    const best = new Array<number>(RANKS).fill(-1);
    let weight = 0;
    let at = start;
    while (seam < seams.length && seams[seam]! <= start) seam++;
    let nextSeam = seam;
    for (; at < to; at++) {
      if (nextSeam < seams.length && seams[nextSeam] === at) {
        if (weight * 2 >= limit) best[0] = at;
        nextSeam++;
      }
      const rank = at > start && weight * 2 >= limit ? rankOf(text, at) : null;
      if (rank !== null) best[rank] = at;
      weight += weighUnit(text.charCodeAt(at), at === start ? 0 : text.charCodeAt(at - 1));
      if (weight > limit || at - start >= limit * UNITS_PER_WEIGHT) break;
    }
    const found = at >= to ? to : best.find((place) => place > start) ?? keepPair(text, start, at);
    cuts.push({ from: start, to: found });
    start = found;
  }
  return cuts;
}

/** 1 where a sentence begins, 2 where a word does. */
function rankOf(text: string, at: number): 1 | 2 | null {
  if (text.charCodeAt(at) <= 32) return null;
  const before = text.charCodeAt(at - 1);
  if (SENTENCE_ENDS.has(text[at - 1]!) && before > 127) return 1;
  if (before > 32) return null;
  let last = at - 1;
  // A run of white space weighs nothing; a few characters of it tell enough.
  while (last > at - 4 && text.charCodeAt(last) <= 32) last--;
  return SENTENCE_ENDS.has(text[last] ?? "") || before === 10 ? 1 : 2;
}

/** A cut that no surrogate pair and no line break of two characters is broken by. */
export function keepPair(text: string, from: number, at: number): number {
  const low = text.charCodeAt(at);
  const high = text.charCodeAt(at - 1);
  const broken = (low >= 0xdc00 && low < 0xe000 && high >= 0xd800 && high < 0xdc00) ||
    (low === 10 && high === 13);
  if (!broken) return Math.max(at, from + 1);
  return at - 1 > from ? at - 1 : at + 1;
}
