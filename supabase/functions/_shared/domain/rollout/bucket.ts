const BUCKETS = 100;

/**
 * The bucket, 1 to 100, that a key falls into within a group: `1 + murmur3(group ":" key) mod 100`,
 * the same as Unleash's, so that a percentage means the same people there and here. A key keeps its
 * bucket for ever, hence raising a percentage only ever adds people.
 */
export function bucketOf(group: string, key: string): number {
  return 1 + murmur3(`${group}:${key}`) % BUCKETS;
}

/** `bucketOf` of one group, whose part of the hash is made once. The group is ASCII. */
export function createBucketOf(group: string): (key: string) => number {
  const start = begin(`${group}:`);
  return (key) => 1 + hashText(start, key) % BUCKETS;
}

/**
 * MurmurHash3, x86 32 bit variant, over the text's UTF-8 bytes; an unsigned integer.
 * Synchronous on purpose: awaiting a hash of the platform's costs a hundred times as much.
 */
export function murmur3(text: string, seed = 0): number {
  return hashText({ hash: seed, block: 0, length: 0 }, text);
}

/** Of the bytes so far: the hash of whole blocks, and the bytes of the last one. */
type Hashed = { hash: number; block: number; length: number };

function begin(ascii: string): Hashed {
  let [hash, block] = [0, 0];
  for (let index = 0; index < ascii.length; index += 1) {
    block |= ascii.charCodeAt(index) << 8 * (index & 3);
    if ((index & 3) !== 3) continue;
    hash = mix(hash, block);
    block = 0;
  }
  return { hash, block, length: ascii.length };
}

/** Goes on with a text, to the end. Keys are almost always ASCII, of which a character is a byte. */
function hashText(begun: Hashed, text: string, isBytes = false): number {
  let { hash, block, length } = begun;
  let seen = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    seen |= code;
    block |= code << 8 * (length & 3);
    length += 1;
    if ((length & 3) !== 0) continue;
    hash = mix(hash, block);
    block = 0;
  }
  if (seen > 0x7f && !isBytes) return hashText(begun, encode(text), true);
  // No bytes scramble to nothing.
  hash ^= scramble(block) ^ length;
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return (hash ^ hash >>> 16) >>> 0;
}

function mix(hash: number, block: number): number {
  const mixed = hash ^ scramble(block);
  return Math.imul(mixed << 13 | mixed >>> 19, 5) + 0xe6546b64 | 0;
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul(mixed << 15 | mixed >>> 17, 0x1b873593);
}

/** The text's UTF-8, one character a byte. */
function encode(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) {
    bytes += String.fromCharCode(byte);
  }
  return bytes;
}
