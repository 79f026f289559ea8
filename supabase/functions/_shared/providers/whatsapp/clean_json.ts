import type { Json } from "../../ports.ts";

/** Nothing that WhatsApp sends comes near it; PostgreSQL and JSON.stringify stop at a few thousand. */
const DEEPEST = 100;

export type Cleaned =
  | { ok: true; value: Json; changed: boolean }
  /** Nested deeper than anything we could store. */
  | { ok: false };

/** Null characters and surrogates are written as escapes; anything else can't be in JSON. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/** Whether a text of JSON surely parses to something that needs no cleaning: nearly all small ones do. */
export function isSurelyClean(json: string): boolean {
  if (SUSPICIOUS.test(json)) return false;
  // It can't be deeper than it has brackets, those inside of strings included.
  let brackets = 0;
  for (let index = 0; index < json.length && brackets < DEEPEST; index += 1) {
    const code = json.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) brackets += 1;
  }
  return brackets < DEEPEST;
}

/**
 * What `jsonb` can hold: null characters are taken out, lone surrogates become U+FFFD.
 * https://www.postgresql.org/docs/17/datatype-json.html
 * @param value what JSON.parse returned
 */
export function cleanJson(value: unknown): Cleaned {
  let changed = false;
  let tooDeep = false;

  function cleanText(text: string): string {
    if (!text.includes("\0") && text.isWellFormed()) return text;
    changed = true;
    return text.replaceAll("\0", "").toWellFormed();
  }

  function clean(part: unknown, depth: number): Json {
    if (typeof part === "string") return cleanText(part);
    if (typeof part !== "object" || part === null) return part as Json;
    if (depth >= DEEPEST) {
      tooDeep = true;
      return null;
    }
    if (Array.isArray(part)) return part.map((item) => clean(item, depth + 1));
    // Entries, not assignment: a key may be `__proto__`.
    return Object.fromEntries(
      Object.entries(part).map((
        [key, item],
      ) => [cleanText(key), clean(item, depth + 1)]),
    );
  }

  const cleaned = clean(value, 0);
  return tooDeep ? { ok: false } : { ok: true, value: cleaned, changed };
}
