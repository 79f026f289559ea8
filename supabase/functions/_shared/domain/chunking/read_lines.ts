/** A line of a text: `to` is behind its line break, `end` before it. */
export type Line = { from: number; end: number; to: number };

/** No shape of a line is decided by more than its beginning. */
const LONGEST_LOOK = 400;

/** Every line with the offsets of its text; together they are the text. */
export function readLines(text: string): Line[] {
  const lines: Line[] = [];
  let from = 0;
  while (from < text.length) {
    let end = from;
    while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
    const pair = text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10;
    const to = Math.min(text.length, end + (pair ? 2 : 1));
    lines.push({ from, end, to });
    from = to;
  }
  return lines;
}

/** The beginning of a line, enough to tell what it is. */
export function lookAt(text: string, line: Line): string {
  return text.slice(line.from, Math.min(line.end, line.from + LONGEST_LOOK));
}

export function isBlank(text: string, line: Line): boolean {
  for (let at = line.from; at < line.end; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 32 && unit !== 0xa0 && unit !== 0xfeff) return false;
  }
  return true;
}
