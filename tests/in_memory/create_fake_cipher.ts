import { AppError } from "../../supabase/functions/_shared/errors.ts";
import type { CredentialCipher } from "../../supabase/functions/_shared/ports.ts";

/** Seals by holding the secrets aside, so that what is stored cannot contain them. */
export function createFakeCipher(): CredentialCipher {
  const vault = new Map<string, unknown>();
  return {
    currentKeyId: "k1",
    seal(orgId, provider, secrets) {
      const ciphertext = `sealed-${orgId}-${provider}-${vault.size + 1}`;
      vault.set(ciphertext, structuredClone(secrets));
      return Promise.resolve({ ciphertext, key_id: "k1" });
    },
    // deno-lint-ignore require-await -- a failure is a rejection, as with the real one
    async open(orgId, provider, sealed) {
      const secrets = vault.get(sealed.ciphertext);
      if (
        secrets === undefined ||
        !sealed.ciphertext.startsWith(`sealed-${orgId}-${provider}-`)
      ) {
        throw new AppError("misconfigured", "Cannot open the credentials: no key opens them");
      }
      return structuredClone(secrets) as never;
    },
  };
}
