import { unreadable } from "./unreadable.ts";

const NAME = String.raw`\/[^\0\t\n\f\r ()<>[\]{}/%]*`;
const GAP = String.raw`(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])*`;
const ESCAPED_NAMES = /\/[^\0\t\n\f\r ()<>[\]{}/%#]*#[^\0\t\n\f\r ()<>[\]{}/%]*/g;
const FILTERS = new RegExp(
  String.raw`\/(Filter|F)(?![^\0\t\n\f\r ()<>[\]{}/%])${GAP}` +
    String.raw`(?:(${NAME})|\[([^\]]*)\]|(\d+${GAP}\d+${GAP}R\b)|(null\b))?`,
  "g",
);
const NAMES_ALONE = new RegExp(String.raw`^(?:[\0\t\n\f\r ]*${NAME})*[\0\t\n\f\r ]*$`);
const PLAIN = new Set(["/FlateDecode", "/Fl"]);
const ASCII = new Set(["/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"]);
const PICTURES = new Set(
  ["/DCTDecode", "/DCT", "/CCITTFaxDecode", "/CCF", "/JPXDecode", "/JBIG2Decode"],
);
const UNPACKED = new Set(["/Standard", "/Crypt"]);
/** How far a file that is attached may be described after its reference. */
const ATTACHMENT_WITHIN = 1_000;

/**
 * What the streams of a PDF say to be packed with (ISO 32000-1, 7.4), wherever in the file: a
 * dictionary may be written so that only a whole reader knows where it begins.
 * @returns whether text stands for bytes, and where the names of pictures' filters begin
 * @throws AppError `unreadable` for what can't be looked into, or could be something else
 */
export function findPacking(
  text: string,
  fileName: string,
): { ascii85: boolean; hex: boolean; pictures: number[] } {
  const hidden = unreadable(fileName, "it hides how its contents are packed");
  for (const [name] of text.matchAll(ESCAPED_NAMES)) {
    const plain = name.replace(
      /#([0-9a-f]{2})/gi,
      (_, hex) => String.fromCharCode(parseInt(hex, 16)),
    );
    if (plain === "/Encrypt") throw unreadable(fileName, "it is encrypted");
    if (/^\/(?:F|Filter|Fl|A85|AHx|LZW|RL|DCT|CCF|JPXDecode|Brotli|\w+Decode)$/.test(plain)) {
      throw hidden;
    }
  }
  const found = { ascii85: false, hex: false, pictures: [] as number[] };
  for (const match of text.matchAll(FILTERS)) {
    const [whole, key, single, several, reference, none] = match;
    const end = match.index + whole.length;
    if (reference !== undefined && key === "F" && isAttachment(text, end)) continue;
    const list = single ?? several;
    if (list === undefined) {
      if (none !== undefined || key === "F" && reference === undefined) continue;
      throw hidden;
    }
    if (!NAMES_ALONE.test(list)) throw hidden;
    const start = match.index + whole.lastIndexOf(list);
    const names = [...list.matchAll(new RegExp(NAME, "g"))];
    let packed = 0;
    let written = 0;
    for (const { 0: name, index } of names) {
      if (PLAIN.has(name)) packed++;
      else if (ASCII.has(name)) {
        written++;
        if (name.startsWith("/ASCII85") || name === "/A85") found.ascii85 = true;
        else found.hex = true;
      } else if (PICTURES.has(name)) found.pictures.push(start + index);
      else if (key === "Filter" && !UNPACKED.has(name) || /^\/(?:LZW|RL|RunL|Brotli)/.test(name)) {
        throw unreadable(fileName, "it is packed in a way that is not supported");
      }
    }
    if (packed > 1 || written > 1) {
      throw unreadable(fileName, "its contents are packed more than once");
    }
  }
  return found;
}

/** Whether what follows is the rest of an object without a stream, with nothing that hides its end. */
function isAttachment(text: string, from: number): boolean {
  const end = text.indexOf("endobj", from);
  if (end < 0 || end - from > ATTACHMENT_WITHIN) return false;
  const rest = text.slice(from, end).replace(/\([^()\\]*\)/g, "");
  return /^[^(%]*[\0\t\n\f\r >]$/.test(rest) && !rest.includes("stream");
}
