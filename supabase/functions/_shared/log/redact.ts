const REDACTED = "[redacted]";
const MAX_DEPTH = 8;
const MAX_ENTRIES = 100;
const MAX_STRING = 4_000;
const MAX_STACK_LINES = 12;

/** Names compared without case, `_` and `-`, so that `apiKey`, `api_key` and `API-KEY` are one. */
const SECRET_NAME =
  /token|secret|password|passphrase|authorization|ciphertext|cookie|credential|bearer|jwt|(?:api|vapi|twilio|whatsapp|gemini|supabase|secret|private|service|role|signing|encryption|credential|access|webhook)keys?$/;

const HARMLESS_NAME = /^(?:tokensused|tokenusage|tokenbudget|fencingtoken|idempotencykey)$/;

/** Names whose values are long hexadecimal strings on purpose and reveal nothing. */
const DIGEST_NAME = /hash|fingerprint|digest|sha256|requestid|traceid|spanid/;

/** Each pattern keeps what tells a reader which secret it was and drops the secret. */
const SECRET_SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\b(sb_secret_|sbp_|sb_temp_|whsec_|sk-)[\w-]{6,}/g, `$1${REDACTED}`],
  [/\beyJ[\w-]{5,}(?:\.[\w-]*){2,4}/g, `[redacted token]`],
  [/\bEAA[A-Za-z0-9]{16,}/g, `EAA${REDACTED}`],
  [/\bAIza[\w-]{30,}/g, `AIza${REDACTED}`],
  [/\b(v1\.[0-9a-f-]{36}\.\d+)\.[\w+/=-]{16,}/gi, `$1.${REDACTED}`],
  [/(:\/\/[^\s:/@"]*):[^\s@/"]+@/g, `$1:${REDACTED}@`],
  [
    /((?:api_?-?key|token|secret|password|passphrase|authorization|signature)["']?\s*=\s*["']?)[^\s"'&,;}]+/gi,
    `$1${REDACTED}`,
  ],
  [
    /("[\w-]*(?:api_?-?key|token|secret|password|passphrase|authorization|ciphertext)"\s*:\s*")(?:[^"\\]|\\.)+/gi,
    `$1${REDACTED}`,
  ],
  // The same inside a text that is JSON itself.
  [
    /(\\+"[\w-]*(?:api_?-?key|token|secret|password|passphrase|authorization|ciphertext)\\+"\s*:\s*\\+")(?:[^"\\]|\\(?!\\*"))+/gi,
    `$1${REDACTED}`,
  ],
];
// A Twilio account SID is "AC" and 32 hexadecimal digits, and "AC" are two more of them.
const LONG_HEX =
  /(?<![0-9A-Za-z])(?!AC[0-9a-fA-F]{32}(?![0-9A-Za-z]))[0-9a-fA-F]{32,}(?![0-9A-Za-z])/g;

/** Replaces what looks like a secret inside a text. `keepHex` is for digests. */
export function redactText(text: string, options: { keepHex?: boolean } = {}): string {
  let result = text;
  for (const [pattern, replacement] of SECRET_SHAPES) {
    result = result.replace(pattern, replacement);
  }
  return options.keepHex ? result : result.replace(LONG_HEX, REDACTED);
}

/**
 * A copy that is safe to print and that `JSON.stringify` can't refuse: secrets gone by the name of
 * the key and by the shape of the value, errors as objects, cycles and depth cut.
 * Booleans and null stay under any name, since `has_app_secret: true` tells nothing.
 */
export function redact(value: unknown): unknown {
  return copy(value, "", 0, []);
}

function copy(value: unknown, name: string, depth: number, ancestors: object[]): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (isSecretName(name) && typeof value !== "number") return REDACTED;
  switch (typeof value) {
    case "string":
      return copyText(value, name);
    case "number":
      if (/password|passphrase/.test(name)) return REDACTED;
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return value.toString();
    case "object":
      return copyObject(value, name, depth, ancestors);
    default:
      return undefined;
  }
}

function copyText(text: string, name: string): string {
  const keepHex = DIGEST_NAME.test(normalize(name));
  if (text.length <= MAX_STRING) return redactText(text, { keepHex });
  // Half a secret at the cut would not be known for one, so the last word goes too.
  const kept = text.slice(0, MAX_STRING).replace(/[\w.~+/=-]{1,1000}$/, "");
  return `${redactText(kept, { keepHex })}… (${text.length} characters)`;
}

function copyObject(value: object, name: string, depth: number, ancestors: object[]): unknown {
  if (ancestors.includes(value)) return "[circular]";
  if (depth >= MAX_DEPTH) return "[too deep]";
  const inside = [...ancestors, value];
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return redactText(value.href);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return `[${value.byteLength} bytes]`;
  }
  if (value instanceof Error) return copyError(value, depth, inside);
  if (value instanceof Headers || value instanceof Map) {
    return copyEntries([...value.entries()], depth, inside);
  }
  if (Array.isArray(value) || value instanceof Set) {
    const items = [...value];
    const kept = items.slice(0, MAX_ENTRIES).map((item) => copy(item, name, depth + 1, inside));
    return items.length > kept.length ? [...kept, `… (${items.length} items)`] : kept;
  }
  return copyEntries(Object.entries(value), depth, inside);
}

function copyEntries(entries: [unknown, unknown][], depth: number, inside: object[]) {
  const result: Record<string, unknown> = {};
  for (const [key, item] of entries.slice(0, MAX_ENTRIES)) {
    result[String(key)] = copy(item, String(key), depth + 1, inside);
  }
  if (entries.length > MAX_ENTRIES) result["…"] = `${entries.length} members`;
  return result;
}

function copyError(error: Error, depth: number, inside: object[]): Record<string, unknown> {
  const { name: _name, message: _message, stack, cause, ...members } = {
    ...error,
    stack: error.stack,
    cause: error.cause,
  } as Error;
  const result: Record<string, unknown> = {
    name: error.name,
    message: copyText(error.message, "message"),
    ...copyEntries(Object.entries(members), depth, inside),
  };
  // An error that was thrown on purpose says where it belongs; of the others only the stack does.
  if (!("code" in error && error.name === "AppError") && error.name !== "ProviderError") {
    result.stack = stack?.split("\n").filter((line) => /^\s+at /.test(line))
      .slice(0, MAX_STACK_LINES).map((line) => redactText(line.trim()));
  }
  if (cause !== undefined) result.cause = copy(cause, "cause", depth + 1, inside);
  return result;
}

function isSecretName(name: string): boolean {
  const normal = normalize(name);
  return SECRET_NAME.test(normal) && !HARMLESS_NAME.test(normal) &&
    !/hash$|version$|id$/.test(normal);
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/[_\-\s.]/g, "");
}
