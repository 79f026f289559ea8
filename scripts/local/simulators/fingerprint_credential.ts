import { createHash } from "node:crypto";

/** A short stand-in for a credential, by which requests of one key can be found without it. */
export function fingerprintCredential(credential: string): string {
  return createHash("sha256").update(credential).digest("hex").slice(0, 16);
}
