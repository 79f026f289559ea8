import type { CredentialCipher, CredentialStore } from "../ports.ts";
import type { ConnectCalls, VapiCalls } from "../ports_calling.ts";

export type OpenVapiCallsPorts = {
  credentials: Pick<CredentialStore, "readCredential">;
  cipher: CredentialCipher;
  connectCalls: ConnectCalls;
};

/**
 * The calls of an organization's own account at Vapi; null where it is not connected. What is asked of
 * them is counted nowhere.
 * @throws AppError `misconfigured` when no key of ours opens its credentials
 */
export async function openVapiCalls(
  ports: OpenVapiCallsPorts,
  { org_id }: { org_id: string },
): Promise<{ client: VapiCalls; fingerprint: string } | null> {
  const stored = await ports.credentials.readCredential({ org_id, provider: "vapi" });
  if (stored.code !== "read") return null;
  const secrets = await ports.cipher.open(org_id, "vapi", stored);
  return { client: ports.connectCalls(secrets, () => {}), fingerprint: stored.fingerprint };
}
