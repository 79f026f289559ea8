import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { parseWebhookSecret } from "../domain/sync_plan/webhook_secret.ts";
import { AppError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { WebhookSigner } from "../ports_calls.ts";

/** What an account-wide signature covers. */
export type VapiSignaturePayload = "timestamp.body" | "body";

export type VapiVerifierOptions = {
  /** Newest first; any of them verifies, so that a rotation overlaps. */
  secrets: readonly string[];
  signaturePayload?: VapiSignaturePayload;
  clock?: Clock;
};

/** @throws AppError `unauthenticated`, or `misconfigured` when there is no secret to verify with */
export type VerifyVapi = (headers: Headers, body: Uint8Array) => WebhookSigner;

const TOLERANCE_MILLISECONDS = 5 * 60 * 1000;
const SIGNATURE_HEADERS = ["x-vapi-signature", "x-signature"];
const TIMESTAMP_HEADERS = ["x-vapi-timestamp", "x-timestamp"];

/**
 * Who signed a delivery, without asking the database.
 * - `X-Vapi-Secret: v1.<org_id>.<version>.<hex HMAC-SHA256(secret, org_id:version)>` is what our own
 *   sync gives to an organization's assistants. Whether the version is still good is for the
 *   database to say.
 * - `x-vapi-signature` or `x-signature` is an HMAC-SHA256 of the raw bytes for the whole account, in
 *   hex or base64, with or without `sha256=`; over `{timestamp}.{body}` it is good for five minutes.
 *
 * A delivery that shows an `X-Vapi-Secret` of ours is judged by it alone.
 */
export function createVapiVerifier(
  { secrets, signaturePayload = "timestamp.body", clock = Date.now }: VapiVerifierOptions,
): VerifyVapi {
  const keys = secrets.filter((secret) => secret !== "");
  return (headers, body) => {
    if (keys.length === 0) {
      throw new AppError(
        "misconfigured",
        "Cannot verify the delivery: VAPI_WEBHOOK_SECRET is not set",
      );
    }
    const shown = headers.get("x-vapi-secret")?.trim();
    if (shown?.startsWith("v1.")) return verifySecret(shown, keys);

    const signature = readFirst(headers, SIGNATURE_HEADERS);
    if (signature === null) {
      throw refuse("it carries neither X-Vapi-Secret nor a signature");
    }
    const given = decodeSignature(signature);
    if (given === null) throw refuse("its signature is not SHA-256 in hex or base64");
    const prefix = signaturePayload === "body" ? "" : readTimestamp(headers, clock);
    // Every key is tried, so that the time taken tells nothing of which one is in use.
    let valid = false;
    for (const key of keys) {
      const expected = createHmac("sha256", key).update(prefix).update(body).digest();
      if (timingSafeEqual(given, expected)) valid = true;
    }
    if (!valid) throw refuse("its signature does not match");
    return { kind: "account" };
  };
}

function verifySecret(shown: string, keys: readonly string[]): WebhookSigner {
  const claimed = parseWebhookSecret(shown);
  if (claimed === null) throw refuse("its X-Vapi-Secret is malformed");
  const { orgId, version } = claimed;
  const given = Buffer.from(claimed.signature, "hex");
  let valid = false;
  for (const key of keys) {
    const expected = createHmac("sha256", key).update(`${orgId}:${version}`).digest();
    if (timingSafeEqual(given, expected)) valid = true;
  }
  if (!valid) throw refuse("its X-Vapi-Secret does not match");
  return { kind: "organization", orgId, secretVersion: version };
}

/** `{timestamp}.`, as it was signed. Older than five minutes, or from the future, it is a replay. */
function readTimestamp(headers: Headers, clock: Clock): string {
  const text = readFirst(headers, TIMESTAMP_HEADERS);
  if (text === null) throw refuse("it carries no timestamp");
  const milliseconds = parseTimestamp(text);
  if (milliseconds === null) throw refuse("its timestamp is no time");
  if (Math.abs(clock() - milliseconds) > TOLERANCE_MILLISECONDS) {
    throw refuse("its timestamp is more than five minutes off");
  }
  return `${text}.`;
}

/** Seconds, milliseconds or ISO 8601. */
function parseTimestamp(text: string): number | null {
  if (/^\d{1,11}(?:\.\d{1,9})?$/.test(text)) return Number(text) * 1000;
  if (/^\d{12,15}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text)) return null;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

/** 32 bytes, or null. Each encoding has one spelling, so that no changed signature means the same. */
function decodeSignature(text: string): Buffer | null {
  const value = text.replace(/^sha256=/, "");
  if (/^[0-9a-f]{64}$/.test(value)) return Buffer.from(value, "hex");
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(value)) return null;
  const bytes = Buffer.from(value, "base64");
  const again = bytes.toString("base64").replace(/=+$/, "");
  const given = value.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
  return bytes.length === 32 && again === given ? bytes : null;
}

function readFirst(headers: Headers, names: readonly string[]): string | null {
  for (const name of names) {
    const value = headers.get(name)?.trim();
    if (value) return value;
  }
  return null;
}

function refuse(reason: string): AppError {
  return new AppError("unauthenticated", `Cannot accept the delivery: ${reason}`);
}
