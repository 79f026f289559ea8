import { compactDecrypt, CompactEncrypt, decodeProtectedHeader } from "jose";
import * as z from "zod";
import { AppError } from "../../errors.ts";
import type { CredentialCipher, ProviderName, SecretsOf } from "../../ports.ts";

const SECRETS = {
  vapi: z.object({ api_key: z.string() }),
  twilio: z.object({ auth_token: z.string() }),
  whatsapp: z.object({ access_token: z.string(), app_secret: z.string().nullable() }),
} satisfies { [P in ProviderName]: z.ZodType<SecretsOf[P]> };

const envelope = z.object({ org_id: z.string(), provider: z.string(), secrets: z.unknown() });

/**
 * Seals secrets as a compact JWE (`dir`, A256GCM; RFC 7516) with the key's name in `kid`. The
 * organization and the provider are inside, so that a row copied to another tenant does not open.
 * @param keys of 32 bytes; the first seals, all open
 * @throws AppError `misconfigured` when there is no key or one has another length
 */
export function createCredentialCipher(
  keys: { id: string; key: Uint8Array }[],
): CredentialCipher {
  const [current] = keys;
  if (current === undefined || keys.some(({ key }) => key.length !== 32)) {
    throw new AppError(
      "misconfigured",
      "Cannot encrypt credentials: CREDENTIAL_KEYS must hold keys of 32 bytes",
    );
  }
  const keyById = new Map(keys.map(({ id, key }) => [id, key]));

  return {
    currentKeyId: current.id,

    async seal(orgId, provider, secrets) {
      const text = JSON.stringify({ org_id: orgId, provider, secrets });
      const ciphertext = await new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: current.id })
        .encrypt(current.key);
      return { ciphertext, key_id: current.id };
    },

    async open(orgId, provider, sealed) {
      const refuse = (reason: string) =>
        new AppError("misconfigured", `Cannot open the credentials of "${provider}": ${reason}`);
      const kid = readKeyId(sealed.ciphertext);
      const key = kid === null ? undefined : keyById.get(kid);
      if (key === undefined) throw refuse(`CREDENTIAL_KEYS has no key "${kid ?? sealed.key_id}"`);

      const opened = await open(sealed.ciphertext, key);
      if (opened === null) throw refuse(`the key "${kid}" does not open them`);
      if (opened.org_id !== orgId || opened.provider !== provider) {
        throw refuse("they belong to another organization or provider");
      }
      const secrets = SECRETS[provider].safeParse(opened.secrets);
      if (!secrets.success) throw refuse("they have another shape");
      return secrets.data as SecretsOf[typeof provider];
    },
  };
}

function readKeyId(ciphertext: string): string | null {
  try {
    const { kid } = decodeProtectedHeader(ciphertext);
    return typeof kid === "string" ? kid : null;
  } catch {
    return null;
  }
}

/** @returns null when the key is not the one, or something was changed */
async function open(ciphertext: string, key: Uint8Array) {
  try {
    const { plaintext } = await compactDecrypt(ciphertext, key, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return envelope.parse(JSON.parse(new TextDecoder().decode(plaintext)));
  } catch {
    return null;
  }
}
