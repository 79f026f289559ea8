export type Heading = { level: number; title: string };

/** What is longer is a paragraph, whatever it begins with. */
const LONGEST_HEADING = 200;
const LONGEST_PLAIN_HEADING = 80;

const MARKDOWN = /^ {0,3}(#{1,6})[ \t]+(\S.*)$/;
const NUMBERED = /^(\d{1,3}(?:\.\d{1,3}){1,5})\.?\s+(\p{L}.*)$/u;
const NAMED =
  /^(?:chapter|section|part|article|annex|appendix|chapitre|partie|annexe)\s+(?:\d+|[ivxlc]+|[a-z])\b/iu;

/** `# Title` to `###### Title`. */
export function readMarkdownHeading(line: string): Heading | null {
  if (line.length > LONGEST_HEADING) return null;
  const [, marks, rest] = MARKDOWN.exec(line) ?? [];
  if (marks === undefined || rest === undefined) return null;
  const title = rest.replace(/[ \t]+#+[ \t]*$/, "").trim();
  return title === "" || /^#+$/.test(title) ? null : { level: marks.length, title };
}

/** The level of the heading that a line of `===` or `---` makes of the line above. */
export function readUnderline(line: string): number | null {
  if (line.length > LONGEST_HEADING) return null;
  if (/^ {0,3}=+\s*$/.test(line)) return 1;
  return /^ {0,3}-{2,}\s*$/.test(line) ? 2 : null;
}

/** A line that an underline can make a heading of. */
export function readUnderlined(line: string, level: number): Heading | null {
  const title = line.trim();
  return title === "" || line.length > LONGEST_HEADING ? null : { level, title };
}

/**
 * A heading of a text without marks, on a line after an empty one: in capitals, with a number of
 * several parts (a single one could be a list's), or of the kind "Chapter 3".
 */
export function readPlainHeading(line: string): Heading | null {
  const title = line.trim();
  if (title.length < 3 || title.length > LONGEST_PLAIN_HEADING || /[.,;!?]$/.test(title)) {
    return null;
  }
  const parts = NUMBERED.exec(title)?.[1]?.split(".").length;
  if (parts !== undefined) return { level: Math.min(parts + 1, 6), title };
  if (NAMED.test(title)) return { level: 2, title };
  const letters = title.replace(/\P{L}/gu, "");
  const capitals = letters.length >= 3 && title === title.toUpperCase() &&
    title !== title.toLowerCase();
  return capitals ? { level: 2, title } : null;
}
