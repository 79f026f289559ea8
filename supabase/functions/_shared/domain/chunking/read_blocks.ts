import { findDelimiter } from "./find_delimiter.ts";
import {
  type Heading,
  readMarkdownHeading,
  readPlainHeading,
  readUnderline,
  readUnderlined,
} from "./read_heading.ts";
import { isBlank, type Line, lookAt, readLines } from "./read_lines.ts";
import { readRecords } from "./read_records.ts";

/** A part of a text that reads as one. Blocks follow each other without a gap. */
export type Block = {
  kind: "heading" | "paragraph" | "list" | "table" | "code";
  from: number;
  to: number;
  heading_path: string[];
  /** Where the block may be cut first, before any other place: its items, rows or lines. */
  seams: number[];
  /** The head of a table, repeated wherever its rows go on. */
  head: { from: number; to: number } | null;
};

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const ITEM = /^\s{0,12}(?:[-*+•–]|\d{1,9}[.)])\s+\S/;
const ROW = /^\s*\|/;
const DELIMITER_ROW = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/;

/** The structure of Markdown, plain text, or a table of values (CSV, TSV). */
export function readBlocks(text: string): Block[] {
  const delimiter = findDelimiter(text);
  return delimiter === null ? readStructure(text) : readRecords(text);
}

function readStructure(text: string): Block[] {
  const lines = readLines(text);
  const blocks: Block[] = [];
  const above: Heading[] = [];
  const blankAt = (index: number) => index >= lines.length || isBlank(text, lines[index]!);
  let index = 0;

  const add = (kind: Block["kind"], first: number, next: number, rest: Partial<Block> = {}) => {
    // Empty lines belong to what is above them; the first ones to what is below.
    let last = next;
    while (last < lines.length && isBlank(text, lines[last]!)) last++;
    const from = blocks.length === 0 ? 0 : lines[first]!.from;
    const to = lines[last - 1]!.to;
    const heading_path = above.map(({ title }) => title);
    blocks.push({ kind, from, to, heading_path, seams: [], head: null, ...rest });
    index = last;
  };
  const addHeading = (heading: Heading, first: number, next: number) => {
    while (above.length > 0 && above.at(-1)!.level >= heading.level) above.pop();
    above.push(heading);
    add("heading", first, next);
  };

  while (index < lines.length && blankAt(index)) index++;
  if (index === lines.length) {
    if (text !== "") add("paragraph", 0, lines.length);
    return blocks;
  }
  while (index < lines.length) {
    const first = index;
    const look = lookAt(text, lines[first]!);
    const whole = text.slice(
      lines[first]!.from,
      Math.min(lines[first]!.end, lines[first]!.from + 201),
    );
    const heading = readMarkdownHeading(whole);
    const fence = FENCE.exec(look)?.[1];
    if (heading !== null) addHeading(heading, first, first + 1);
    else if (fence !== undefined) {
      const next = endOfCode(text, lines, first, fence);
      add("code", first, next, { seams: startsOf(lines, first, next) });
    } else if (startsTable(text, lines, first)) {
      let next = first + 1;
      while (!blankAt(next) && lookAt(text, lines[next]!).includes("|")) next++;
      const headed = next > first + 1 && DELIMITER_ROW.test(lookAt(text, lines[first + 1]!));
      const head = headed ? { from: lines[first]!.from, to: lines[first + 1]!.to } : null;
      add("table", first, next, { head, seams: startsOf(lines, first + (headed ? 2 : 1), next) });
    } else if (ITEM.test(look)) {
      const { next, seams } = readList(text, lines, first);
      add("list", first, next, { seams });
    } else {
      const underline = first + 1 < lines.length
        ? readUnderline(lookAt(text, lines[first + 1]!))
        : null;
      const underlined = underline === null ? null : readUnderlined(whole, underline);
      const plain = underlined ?? readPlainHeading(whole);
      if (plain !== null) addHeading(plain, first, first + (underlined === null ? 1 : 2));
      else {
        let next = first + 1;
        while (!blankAt(next) && !interrupts(lookAt(text, lines[next]!))) next++;
        add("paragraph", first, next, { seams: startsOf(lines, first + 1, next) });
      }
    }
  }
  return blocks;
}

/** What ends a paragraph without an empty line before it. */
function interrupts(line: string): boolean {
  return readMarkdownHeading(line) !== null || FENCE.test(line) || ROW.test(line) ||
    ITEM.test(line);
}

function startsTable(text: string, lines: Line[], first: number): boolean {
  const look = lookAt(text, lines[first]!);
  if (ROW.test(look)) return true;
  const next = lines[first + 1];
  if (next === undefined || !look.includes("|")) return false;
  const below = lookAt(text, next);
  return below.includes("|") && DELIMITER_ROW.test(below);
}

function endOfCode(text: string, lines: Line[], first: number, fence: string): number {
  for (let next = first + 1; next < lines.length; next++) {
    const close = FENCE.exec(lookAt(text, lines[next]!))?.[1];
    if (close !== undefined && close[0] === fence[0] && close.length >= fence.length) {
      return next + 1;
    }
  }
  return lines.length;
}

/** Items, what is indented below them, and empty lines between them. */
function readList(text: string, lines: Line[], first: number) {
  const seams: number[] = [];
  let next = first + 1;
  let afterBlank = false;
  for (; next < lines.length; next++) {
    const line = lines[next]!;
    if (isBlank(text, line)) {
      afterBlank = true;
      continue;
    }
    const look = lookAt(text, line);
    const item = ITEM.test(look);
    if (readMarkdownHeading(look) !== null || (afterBlank && !item && !/^\s{2,}/.test(look))) break;
    if (item) seams.push(line.from);
    afterBlank = false;
  }
  while (next > first + 1 && isBlank(text, lines[next - 1]!)) next--;
  return { next, seams };
}

function startsOf(lines: Line[], first: number, next: number): number[] {
  return lines.slice(first, next).map(({ from }) => from);
}
