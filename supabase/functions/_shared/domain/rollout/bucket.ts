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
  const start = hashText(START, `${group}:`);
  return (key) => 1 + finish(hashText(start, key)) % BUCKETS;
}

/**
 * MurmurHash3, x86 32 bit variant, over the text's UTF-8 bytes; an unsigned integer.
 * Synchronous on purpose: awaiting a hash of the platform's costs a hundred times as much.
 */
export function murmur3(text: string, seed = 0): number {
  return finish(hashText({ ...START, hash: seed }, text));
}

/** Of the bytes so far: the hash of whole blocks, and the bytes of the last one. */
type Hashed = { hash: number; block: number; length: number };
const START: Hashed = { hash: 0, block: 0, length: 0 };

/** Goes on with a text. Keys are almost always ASCII, of which a character is a byte. */
function hashText(before: Hashed, text: string, isBytes = false): Hashed {
  let { hash, block, length } = before;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f && !isBytes) return hashText(before, encode(text), true);
    block |= code << 8 * (length & 3);
    length += 1;
    if ((length & 3) !== 0) continue;
    hash ^= scramble(block);
    hash = hash << 13 | hash >>> 19;
    hash = Math.imul(hash, 5) + 0xe6546b64 | 0;
    block = 0;
  }
  return { hash, block, length };
}

function finish({ hash, block, length }: Hashed): number {
  // No bytes scramble to nothing.
  hash ^= scramble(block) ^ length;
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return (hash ^ hash >>> 16) >>> 0;
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
