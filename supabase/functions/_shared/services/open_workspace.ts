import type { Credentials } from "../domain/workspace/complete_credentials.ts";
import {
  type CredentialCipher,
  type JsonObject,
  type Logger,
  PROVIDER_NAMES,
  type ProviderName,
  type SealedIntegrationRow,
} from "../ports.ts";
import { openCredentials } from "./open_credentials.ts";
import { isSealed } from "./prepare_credentials.ts";

/**
 * The credentials of every provider that is connected. One that cannot be opened counts as not
 * connected here: the work on the others goes on.
 */
export async function openWorkspace(
  ports: { cipher: CredentialCipher; logger: Logger },
  orgId: string,
  integrations: SealedIntegrationRow[],
): Promise<Credentials> {
  const opened: Credentials = {};
  for (const provider of PROVIDER_NAMES) {
    const row = integrations.find((candidate) => candidate.provider === provider);
    if (row === undefined || !isSealed(row)) continue;
    try {
      Object.assign(opened, await openCredentials(ports.cipher, orgId, row));
    } catch (error) {
      ports.logger.error("Stored credentials cannot be opened", { provider, error });
    }
  }
  return opened;
}

/** What is kept in the open about a provider; empty when it is not connected. */
export function readPublicConfig(
  integrations: SealedIntegrationRow[],
  provider: ProviderName,
): JsonObject {
  return integrations.find((row) => row.provider === provider && row.connected)
    ?.public_config ??
    {};
}
