import { createHash } from "node:crypto";
import type { ProviderName, SecretsOf } from "../ports.ts";

/**
 * What tells one secret from another without holding it: 128 bits of SHA-256 in hexadecimal over
 * the provider's name and its secrets. Provider secrets are random, so it cannot be guessed back.
 */
export function fingerprintSecrets<P extends ProviderName>(
  provider: P,
  secrets: SecretsOf[P],
): string {
  const members = Object.entries(secrets).toSorted(([one], [other]) => one < other ? -1 : 1);
  return createHash("sha256").update(JSON.stringify([provider, members]))
    .digest("hex")
    .slice(0, 32);
}
