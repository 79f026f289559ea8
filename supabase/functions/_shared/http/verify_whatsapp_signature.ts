import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";

const PREFIX = "sha256=";
const LENGTH = PREFIX.length + 64;
const encoder = new TextEncoder();

/**
 * Whether `X-Hub-Signature-256` is `sha256=<lower-case hex HMAC-SHA256(secret, raw bytes)>` under any
 * of the secrets. Every secret is tried, so that the time taken tells nothing of which one is in use.
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
 * @param body the bytes as they arrived: Meta signs `\uXXXX` escapes, so parsed text can't stand in
 */
export function verifyWhatsappSignature(
  body: Uint8Array,
  header: string | null,
  secrets: readonly string[],
): boolean {
  if (!looksLikeSignature(header)) return false;
  const given = Buffer.from(header, "latin1");
  let valid = false;
  for (const secret of secrets) {
    // As bytes: a key given as text takes half as long again.
    const key = encoder.encode(secret);
    const expected = PREFIX + createHmac("sha256", key).update(body).digest("hex");
    if (secret !== "" && timingSafeEqual(given, Buffer.from(expected, "latin1"))) valid = true;
  }
  return valid;
}

/** Whether it is worth looking for another secret to verify it with. */
export function looksLikeSignature(header: string | null): header is string {
  return header !== null && header.length === LENGTH && /^sha256=[0-9a-f]{64}$/.test(header);
}

/** Whether two texts are equal, in a time that doesn't depend on where they differ. */
export function isEqualSecret(shown: string, expected: string): boolean {
  // Digests are equally long, so that comparing tells nothing of a length either.
  const digest = (text: string) => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(shown), digest(expected));
}
