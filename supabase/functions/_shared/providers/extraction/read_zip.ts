import { inflate } from "./inflate.ts";

export type ZipEntry = {
  method: number;
  encrypted: boolean;
  packed_size: number;
  offset: number;
};

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const LONGEST_COMMENT = 65_535;

/**
 * The directory at a ZIP archive's end, by file name (APPNOTE.TXT sections 4.3.12 and 4.3.16).
 * @returns null where there is none, or one that can't be followed
 */
export function readZipDirectory(bytes: Uint8Array): Map<string, ZipEntry> | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = new Map<string, ZipEntry>();
  let end = bytes.byteLength - 22;
  const first = Math.max(0, end - LONGEST_COMMENT);
  while (end >= first && view.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  if (end < first) return null;
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.byteLength || view.getUint32(at, true) !== DIRECTORY_ENTRY) return null;
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    entries.set(name, {
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      packed_size: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/**
 * One file of the archive.
 * @returns `too_large` as soon as it is more than `limit` bytes, `broken` where it can't be unpacked
 */
export async function readZipEntry(
  bytes: Uint8Array,
  entry: ZipEntry,
  limit: number,
): Promise<Uint8Array | "too_large" | "broken"> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { offset, packed_size, method } = entry;
  if (offset + 30 > bytes.byteLength || view.getUint32(offset, true) !== LOCAL_HEADER) {
    return "broken";
  }
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packed_size > bytes.byteLength) return "broken";
  const packed = bytes.subarray(start, start + packed_size);
  if (method === 0) return packed.byteLength > limit ? "too_large" : packed;
  if (method !== 8) return "broken";
  try {
    return await inflate(packed, "deflate-raw", limit) ?? "too_large";
  } catch {
    return "broken";
  }
}
