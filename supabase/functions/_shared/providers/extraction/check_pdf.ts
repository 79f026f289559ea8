import { countInflated } from "./inflate.ts";
import { unreadable } from "./unreadable.ts";

/**
 * What a PDF's streams may unpack to: its reader holds a page's whole content in memory, and takes a
 * second for 8 MB of the costliest. Pictures are left packed when only text is wanted.
 */
const LARGEST_STREAM_BYTES = 8 * 1024 * 1024;
const LARGEST_PICTURE_BYTES = 48 * 1024 * 1024;
const LARGEST_TOTAL_BYTES = 96 * 1024 * 1024;
/** Looked at for a stream's dictionary. */
const DICTIONARY_WITHIN = 1_500;

/**
 * Refuses what would cost its reader more memory than there is: streams that unpack to far more than
 * they are, and encrypted files, into whose streams nobody can look beforehand.
 * @throws AppError `unreadable`
 */
export async function checkPdf(bytes: Uint8Array, fileName: string): Promise<void> {
  const text = new TextDecoder("latin1").decode(bytes);
  if (/\/Encrypt\b/.test(text)) throw unreadable(fileName, "it is encrypted");
  let total = 0;
  for (const found of text.matchAll(/(?<!end)stream\r?\n/g)) {
    const before = text.slice(Math.max(0, found.index - DICTIONARY_WITHIN), found.index);
    const dictionary = before.slice(before.lastIndexOf(" obj") + 1);
    if (/\/LZW/.test(dictionary)) {
      throw unreadable(fileName, "it is packed in a way that is not supported");
    }
    const packed = dictionary.match(/\/(?:FlateDecode|Fl)\b/g)?.length ?? 0;
    if (packed > 1) throw unreadable(fileName, "its contents are packed more than once");
    if (packed === 0) continue;
    const limit = /\/Subtype\s*\/Image\b/.test(dictionary)
      ? LARGEST_PICTURE_BYTES
      : LARGEST_STREAM_BYTES;
    const size = await countInflated(bytes.subarray(found.index + found[0].length), "deflate", {
      limit,
      lenient: true,
    });
    total += size;
    if (size > limit || total > LARGEST_TOTAL_BYTES) {
      const most = size > limit ? limit : LARGEST_TOTAL_BYTES;
      throw unreadable(fileName, `its contents unpack to more than ${most / 1024 / 1024} MB`);
    }
  }
}
