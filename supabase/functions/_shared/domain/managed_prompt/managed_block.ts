/**
 * A part of a system prompt that is ours, among the founder's words: added when the assistant is
 * rendered, taken away without a trace. Markers that the founder wrote are escaped by a backslash
 * while the block stands, so that a prompt of any content comes back exactly.
 */
export const BEGIN = "[[switchboard:managed]]";
export const END = "[[/switchboard:managed]]";
const SEPARATOR = "\n\n";

const MARKER = /\[\[(\\*)(\/?switchboard:)/g;
const ESCAPED_MARKER = /\[\[\\(\\*)(\/?switchboard:)/g;

/** The prompt with the block at its end; without one where it is null. */
export function addManagedBlock(words: string, block: string | null): string {
  if (block === null) return escape(words);
  return `${escape(words)}${SEPARATOR}${BEGIN}\n${escape(block)}\n${END}`;
}

/**
 * The founder's words alone. What `addManagedBlock` made is undone exactly, whatever was written
 * behind the block is kept.
 */
export function removeManagedBlock(prompt: string): string {
  const place = findBlock(prompt);
  return unescape(
    place === null ? prompt : prompt.slice(0, place.from) + prompt.slice(place.to),
  );
}

/** The block's own words, null where there is none. */
export function readManagedBlock(prompt: string): string | null {
  const place = findBlock(prompt);
  return place === null ? null : unescape(place.block);
}

function findBlock(prompt: string): { from: number; to: number; block: string } | null {
  const begin = prompt.indexOf(`${BEGIN}\n`);
  if (begin === -1) return null;
  const contents = begin + BEGIN.length + 1;
  const end = prompt.indexOf(`\n${END}`, contents);
  if (end === -1) return null;
  const separated = prompt.slice(0, begin).endsWith(SEPARATOR);
  return {
    from: separated ? begin - SEPARATOR.length : begin,
    to: end + 1 + END.length,
    block: prompt.slice(contents, end),
  };
}

function escape(text: string): string {
  return text.replace(MARKER, "[[\\$1$2");
}

function unescape(text: string): string {
  return text.replace(ESCAPED_MARKER, "[[$1$2");
}
