import { findPacking } from "./find_packing.ts";
import { countInflated } from "./inflate.ts";
import { unpackAscii } from "./unpack_ascii.ts";
import { unreadable } from "./unreadable.ts";

/**
 * What a PDF's streams may unpack to: its reader holds a page's whole content in memory, and takes a
 * second for 8 MB of the costliest. Pictures are left packed when only text is wanted.
 */
const LARGEST_STREAM_BYTES = 8 * 1024 * 1024;
const LARGEST_PICTURE_BYTES = 48 * 1024 * 1024;
const LARGEST_TOTAL_BYTES = 96 * 1024 * 1024;
/** To look into one costs some 20 µs, however little is in it. */
const MOST_STREAMS = 20_000;
/** Looked at for whether a stream is a picture. */
const DICTIONARY_WITHIN = 1_500;

/**
 * Refuses what would cost its reader more memory than there is: streams that unpack to far more than
 * they are, whatever their dictionaries say of it, and encrypted files, into whose streams nobody can
 * look beforehand.
 * @returns a copy for the reader, which can unpack no picture of it even where a page claims one to be
 *   its text
 * @throws AppError `unreadable`
 */
export async function checkPdf(bytes: Uint8Array, fileName: string): Promise<Uint8Array> {
  const text = new TextDecoder("latin1").decode(bytes);
  if (/\/Encrypt\b/.test(text)) throw unreadable(fileName, "it is encrypted");
  const { ascii85, hex, pictures } = findPacking(text, fileName);
  const copy = new Uint8Array(bytes);
  for (const at of pictures) copy[at + 1] = 88;
  let total = 0;
  let streams = 0;
  let written = 0;
  const count = async (packed: Uint8Array, limit: number) => {
    if (!isDeflated(packed)) return 0;
    if (++streams > MOST_STREAMS) throw unreadable(fileName, "it has too many parts");
    const size = await countInflated(packed, "deflate", { limit, lenient: true });
    total += size;
    if (size > limit || total > LARGEST_TOTAL_BYTES) {
      const most = size > limit ? limit : LARGEST_TOTAL_BYTES;
      throw unreadable(fileName, `its contents unpack to more than ${most / 1024 / 1024} MB`);
    }
    return size;
  };
  // A reader skips to the line's end, which may be any of the three.
  for (const found of text.matchAll(/stream[^\r\n]*(?:\r\n|\n|\r)/g)) {
    const start = found.index + found[0].length;
    const before = text.slice(Math.max(0, found.index - DICTIONARY_WITHIN), found.index);
    const dictionary = before.slice(before.lastIndexOf(" obj") + 1);
    const isPicture = /\/Subtype\s*\/Image\b/.test(dictionary);
    const limit = isPicture ? LARGEST_PICTURE_BYTES : LARGEST_STREAM_BYTES;
    const size = await count(bytes.subarray(start), limit);
    if (size > LARGEST_STREAM_BYTES) copy[start] = 0;
    for (const kind of ["ascii85", "hex"] as const) {
      if (kind === "ascii85" ? !ascii85 : !hex) continue;
      const { unpacked, read } = unpackAscii(bytes, start, kind);
      written += read;
      if (written > 4 * bytes.byteLength) throw unreadable(fileName, "it has too many parts");
      await count(unpacked, LARGEST_STREAM_BYTES);
    }
  }
  return copy;
}

/** The two bytes that deflated data begins with (RFC 1950), as its reader asks for them. */
function isDeflated(packed: Uint8Array): boolean {
  const [method = 0, flags = 0] = packed;
  return (method & 15) === 8 && (method * 256 + flags) % 31 === 0 && (flags & 32) === 0;
}
