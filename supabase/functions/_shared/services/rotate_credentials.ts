import type { CredentialCipher, CredentialStore, ProviderName } from "../ports.ts";

export type RotateCredentialsResult = {
  /** Sealed with the current key now; of a dry run, would be. */
  rotated: number;
  /** Replaced by a save meanwhile, which sealed with the current key. */
  superseded: number;
  /** Opened by no configured key. Never their contents. */
  failed: { org_id: string; provider: ProviderName; reason: string }[];
};

const PAGE = 100;

/**
 * Seals every credential again that is not under the current key. It may be stopped at any moment
 * and run again: what is done is not listed any more, and each row is replaced only where it is
 * still the one that was read. A dry run opens them all, which shows whether a key is missing.
 */
export async function rotateCredentials(
  ports: { credentials: CredentialStore; cipher: CredentialCipher },
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<RotateCredentialsResult> {
  const { credentials, cipher } = ports;
  const result: RotateCredentialsResult = {
    rotated: 0,
    superseded: 0,
    failed: [],
  };
  let after: { org_id: string; provider: ProviderName } | null = null;
  while (true) {
    const page = await credentials.listCredentials({
      after,
      limit: PAGE,
      except_key_id: cipher.currentKeyId,
    });
    for (const { org_id, provider, ciphertext, key_id } of page) {
      let secrets;
      try {
        secrets = await cipher.open(org_id, provider, { ciphertext, key_id });
      } catch (error) {
        result.failed.push({
          org_id,
          provider,
          reason: (error as Error).message,
        });
        continue;
      }
      const replaced = dryRun ? { code: "replaced" } : await credentials.replaceCredential({
        org_id,
        provider,
        expected_ciphertext: ciphertext,
        ...await cipher.seal(org_id, provider, secrets),
      });
      if (replaced.code === "replaced") result.rotated += 1;
      else result.superseded += 1;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return result;
    after = { org_id: last.org_id, provider: last.provider };
  }
}
