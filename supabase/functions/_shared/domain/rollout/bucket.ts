const BUCKETS = 100;

/**
 * The bucket, 1 to 100, that a key falls into within a group: `1 + murmur3(group ":" key) mod 100`,
 * the same as Unleash's, so that a percentage means the same people there and here. A key keeps its
 * bucket for ever, hence raising a percentage only ever adds people.
 */
export function bucketOf(group: string, key: string): number {
  return 1 + murmur3(`${group}:${key}`) % BUCKETS;
}

/**
 * MurmurHash3, x86 32 bit variant, over the text's UTF-8 bytes; an unsigned integer.
 * Synchronous on purpose: awaiting a hash of the platform's costs a hundred times as much.
 */
export function murmur3(text: string, seed = 0): number {
  const bytes = toByteString(text);
  const length = bytes.length;
  const end = length & ~3;
  let hash = seed;
  for (let index = 0; index < end; index += 4) {
    hash ^= scramble(
      bytes.charCodeAt(index) | bytes.charCodeAt(index + 1) << 8 |
        bytes.charCodeAt(index + 2) << 16 | bytes.charCodeAt(index + 3) << 24,
    );
    hash = hash << 13 | hash >>> 19;
    hash = Math.imul(hash, 5) + 0xe6546b64 | 0;
  }
  if (end < length) {
    let rest = 0;
    for (let index = length - 1; index >= end; index -= 1) {
      rest = rest << 8 | bytes.charCodeAt(index);
    }
    hash ^= scramble(rest);
  }
  hash ^= length;
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return (hash ^ hash >>> 16) >>> 0;
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul(mixed << 15 | mixed >>> 17, 0x1b873593);
}

/** One character a byte. Keys are almost always ASCII, which is that already. */
function toByteString(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return encode(text);
  }
  return text;
}

function encode(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}
