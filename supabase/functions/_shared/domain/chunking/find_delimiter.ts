const RECORDS_LOOKED_AT = 20;
const LONGEST_LOOK = 20_000;

/**
 * The delimiter of a text that is a table of values (RFC 4180): every record has as many of them as
 * the first. Two records must be there, or three where it is a comma, which prose has as well.
 * @returns null for any other text
 */
export function findDelimiter(text: string): "," | ";" | "\t" | null {
  for (const delimiter of ["\t", ";", ","] as const) {
    const counts = countDelimiters(text, delimiter);
    const least = delimiter === "," ? 3 : 2;
    const [first = 0] = counts;
    if (first > 0 && counts.length >= least && counts.every((count) => count === first)) {
      return delimiter;
    }
  }
  return null;
}

/** How many delimiters each of the first records has outside of quotes; empty lines don't count. */
function countDelimiters(text: string, delimiter: string): number[] {
  const counts: number[] = [];
  const end = Math.min(text.length, LONGEST_LOOK);
  let count = 0;
  let quoted = false;
  let empty = true;
  for (let at = 0; at < end && counts.length < RECORDS_LOOKED_AT; at++) {
    const unit = text[at]!;
    if (unit === '"') quoted = !quoted;
    if (unit === "\n" && !quoted) {
      if (!empty) counts.push(count);
      count = 0;
      empty = true;
      continue;
    }
    if (unit === delimiter && !quoted) count++;
    if (unit.trim() !== "" || unit === delimiter) empty = false;
  }
  if (end === text.length && !empty && counts.length < RECORDS_LOOKED_AT) counts.push(count);
  return counts;
}
