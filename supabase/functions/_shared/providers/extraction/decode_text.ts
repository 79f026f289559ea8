import { unreadable } from "./unreadable.ts";

/** More control characters than this share of a text, and it is none. */
const CONTROLS_AT_MOST = 0.01;

/**
 * Text of bytes in UTF-8, or UTF-16 with a byte order mark, which is left out.
 * @param encoding what else says how it is encoded: a page's own header; a mark goes before it
 * @throws AppError `unreadable`
 */
export function decodeText(bytes: Uint8Array, fileName: string, encoding = "utf-8"): string {
  const [first, second] = bytes;
  const marked = first === 0xff && second === 0xfe
    ? "utf-16le"
    : first === 0xfe && second === 0xff
    ? "utf-16be"
    : first === 0xef && second === 0xbb
    ? "utf-8"
    : null;
  const text = decode(bytes, fileName, marked ?? encoding);
  if (text.includes("\0")) throw unreadable(fileName, "it is a binary file, not text");
  if (countControls(text) > text.length * CONTROLS_AT_MOST) {
    throw unreadable(fileName, "it is a binary file, not text");
  }
  if (text.trim() === "") throw unreadable(fileName, "it is empty");
  return text;
}

function decode(bytes: Uint8Array, fileName: string, encoding: string): string {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch {
    throw unreadable(fileName, `its encoding "${encoding.slice(0, 40)}" is not known`);
  }
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    const expected = decoder.encoding.startsWith("utf-16") ? "UTF-16" : decoder.encoding;
    throw unreadable(
      fileName,
      `it is not valid ${expected === "utf-8" ? "UTF-8" : expected}`,
      cause,
    );
  }
}

/** Without those that texts have: tabs, line and page breaks, and the escape of terminals. */
function countControls(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if ((unit < 32 && (unit < 8 || unit > 13) && unit !== 27) || unit === 127) count++;
  }
  return count;
}
