import { cutBlock, keepPair, type Piece } from "./cut_block.ts";
import { readBlocks } from "./read_blocks.ts";
import { UNITS_PER_WEIGHT, WEIGHT_PER_TOKEN, weighUnit } from "./weigh_text.ts";

export type Chunk = {
  position: number;
  /** The headings it stands below, the outermost first; what all its sections have in common. */
  heading_path: string[];
  /** A table's head where its rows go on, the end of the chunk before, and the own part. */
  content: string;
  /** The own part, in UTF-16 units: no two chunks' overlap, and together they are the text. */
  from: number;
  to: number;
};

export type ChunkOptions = {
  /** How large a chunk's own part becomes at most, headings before a large block not counted. */
  target_tokens?: number;
  /** How much of the chunk before is repeated; nothing where a heading begins the chunk. */
  overlap_tokens?: number;
};

/**
 * Cuts a document where its structure allows: before headings, between paragraphs, list items and
 * rows; lists, tables and code stay whole where they fit. Tokens are estimated (`weigh_text.ts`).
 * A text of white space alone is one chunk, an empty one is none. Takes time in proportion to the
 * text, whatever it looks like.
 */
export function chunkDocument(text: string, options: ChunkOptions = {}): Chunk[] {
  const limit = (options.target_tokens ?? 1_000) * WEIGHT_PER_TOKEN;
  const overlap = (options.overlap_tokens ?? 100) * WEIGHT_PER_TOKEN;
  const groups = group(text, limit);
  return groups.map((pieces, position) => {
    const first = pieces[0]!;
    const to = pieces.at(-1)!.to;
    const repeats = position > 0 && first.kind !== "heading";
    const before = groups[position - 1]?.[0]?.from ?? 0;
    const least = Math.max(before, first.head?.to ?? 0);
    const start = repeats ? startOfOverlap(text, { at: first.from, least, overlap }) : first.from;
    const head = first.head === null ? "" : text.slice(first.head.from, first.head.to);
    return {
      position,
      heading_path: commonPath(pieces),
      content: head + text.slice(start, to),
      from: first.from,
      to,
    };
  });
}

/** Pieces that make a chunk together. A heading stays with what it is the heading of. */
function group(text: string, limit: number): Piece[][] {
  const groups: Piece[][] = [];
  let open: Piece[] = [];
  let weight = 0;
  const close = () => {
    let last = open.length;
    while (last > 0 && open[last - 1]!.kind === "heading") last--;
    if (last === 0) return;
    groups.push(open.slice(0, last));
    open = open.slice(last);
    weight = open.reduce((sum, piece) => sum + piece.weight, 0);
  };
  for (const block of readBlocks(text)) {
    const pieces = cutBlock(text, block, limit);
    for (const piece of pieces) {
      const section = piece.kind === "heading" && weight * 2 >= limit &&
        open.at(-1)?.kind !== "heading";
      if (section || weight + piece.weight > limit) close();
      // Only headings are left. A few may go beyond the limit: none should stand alone.
      if (weight + piece.weight > limit && weight * 4 > limit) {
        groups.push(open);
        open = [];
        weight = 0;
      }
      open.push(piece);
      weight += piece.weight;
    }
  }
  if (open.length > 0) groups.push(open);
  return groups;
}

function commonPath(pieces: Piece[]): string[] {
  const path = pieces[0]!.heading_path;
  let length = path.length;
  for (const { heading_path } of pieces) {
    let same = 0;
    while (same < length && heading_path[same] === path[same]) same++;
    length = same;
  }
  return path.slice(0, length);
}

/** Backwards from `at` until the overlap is full, then to where a sentence, or a word, begins. */
function startOfOverlap(
  text: string,
  { at, least, overlap }: { at: number; least: number; overlap: number },
): number {
  let start = at;
  let weight = 0;
  let sentence = -1;
  let word = -1;
  while (start > least) {
    const unit = text.charCodeAt(start - 1);
    weight += weighUnit(unit, text.charCodeAt(start));
    if (weight > overlap || at - start >= overlap * UNITS_PER_WEIGHT) break;
    start--;
    if (unit <= 32 || start - 1 < least || text.charCodeAt(start - 1) > 32) continue;
    word = start;
    if (/[.!?…\n]/.test(text[start - 2] ?? "") || text[start - 1] === "\n") sentence = start;
  }
  if (start <= least) return least;
  if (sentence >= 0) return sentence;
  return word >= 0 ? word : keepPair(text, least, start);
}
