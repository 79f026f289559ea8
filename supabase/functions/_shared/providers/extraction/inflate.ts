/** What a slice unpacks to, 2 MB at most, is lost when the data breaks inside of it. */
const SLICE_BYTES = 2 * 1024;

/**
 * Unpacks, a piece at a time, and stops when more than `limit` bytes have come out: how large they
 * claim to be is the sender's word.
 * @returns null when there are more
 * @throws TypeError when the data is not of that format
 */
export async function inflate(
  packed: Uint8Array,
  format: "deflate" | "deflate-raw",
  limit: number,
): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  const size = await countInflated(packed, format, { limit, take: (part) => parts.push(part) });
  if (size > limit) return null;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}

/**
 * How much comes out, counted no further than just beyond `limit`.
 * @param options.lenient data that breaks off, or that other bytes follow, is no error: all but the
 *   last slice's content counts
 * @throws TypeError when the data is not of that format
 */
export async function countInflated(
  packed: Uint8Array,
  format: "deflate" | "deflate-raw",
  { limit, take, lenient = false }: {
    limit: number;
    take?: (part: Uint8Array) => void;
    lenient?: boolean;
  },
): Promise<number> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  const feed = async () => {
    for (let at = 0; at < packed.byteLength; at += SLICE_BYTES) {
      await writer.write(new Uint8Array(packed.subarray(at, at + SLICE_BYTES)));
    }
    await writer.close();
  };
  // The reader sees the same failure.
  feed().catch(() => {});
  const reader = stream.readable.getReader();
  let size = 0;
  try {
    while (size <= limit) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size <= limit) take?.(value);
    }
  } catch (error) {
    if (!lenient) throw error;
  } finally {
    await reader.cancel().catch(() => {});
  }
  return size;
}
