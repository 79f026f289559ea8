import { decodeText } from "./decode_text.ts";
import { unreadable } from "./unreadable.ts";

const DEEPEST = 200;

/**
 * JSON with a line for each value, which a text on one line doesn't have.
 * @throws AppError `unreadable`
 */
export function readJson(bytes: Uint8Array, fileName: string, limit: number): string {
  const text = decodeText(bytes, fileName);
  if (measureDepth(text) > DEEPEST) {
    throw unreadable(fileName, `its values are nested deeper than ${DEEPEST} levels`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(fileName, "it is not valid JSON", cause);
  }
  if (text.trim().includes("\n")) return text;
  const spread = JSON.stringify(value, null, 1);
  return spread.length > limit ? text : spread;
}

/** Looked at before it is parsed, since a parser may call itself for each level. */
function measureDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (quoted && unit === 92) at++;
    else if (unit === 34) quoted = !quoted;
    else if (!quoted && (unit === 91 || unit === 123)) deepest = Math.max(deepest, ++depth);
    else if (!quoted && (unit === 93 || unit === 125)) depth--;
  }
  return deepest;
}
