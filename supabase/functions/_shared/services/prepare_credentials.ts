import {
  compareCredentials,
  type CredentialChange,
} from "../domain/workspace/compare_credentials.ts";
import {
  completeCredentials,
  type Credentials,
  listMentionedProviders,
  needsStored,
} from "../domain/workspace/complete_credentials.ts";
import type { WorkspaceInput } from "../domain/workspace/workspace_input.ts";
import { AppError } from "../errors.ts";
import type {
  CredentialCipher,
  Logger,
  ProviderName,
  Sealed,
  SealedIntegrationRow,
  SecretsOf,
} from "../ports.ts";
import { fingerprintSecrets } from "./fingerprint_secrets.ts";
import { openCredentials } from "./open_credentials.ts";

export type PreparedCredentials = {
  /** Whole, one for each provider that the save mentions. */
  credentials: Credentials;
  fingerprints: { [P in ProviderName]?: string };
  changes: CredentialChange[];
};

/**
 * The whole credentials that a save means: what was given, completed with what is stored.
 * @throws AppError `invalid_input` with an entry for each field that neither gives
 */
export async function prepareCredentials(
  ports: { cipher: CredentialCipher; logger: Logger },
  { orgId, input, integrations }: {
    orgId: string;
    input: WorkspaceInput;
    integrations: SealedIntegrationRow[];
  },
): Promise<PreparedCredentials> {
  const stored: Credentials = {};
  for (const provider of listMentionedProviders(input)) {
    const row = integrations.find((candidate) => candidate.provider === provider);
    if (provider === "vapi" || row === undefined || !isSealed(row)) continue;
    try {
      Object.assign(stored, await openCredentials(ports.cipher, orgId, row));
    } catch (error) {
      // Saving them anew is the way out when a key was lost, so only who needs the old ones fails.
      if (needsStored(input, provider)) throw error;
      ports.logger.warn("Stored credentials cannot be opened", { provider, error });
    }
  }

  const { credentials, missing } = completeCredentials(input, stored);
  if (missing.length > 0) {
    const names = missing.map(({ field }) => field).join(", ");
    throw new AppError(
      "invalid_input",
      `Cannot save the workspace: ${names} missing`,
      { errors: missing },
    );
  }
  const fingerprints: { [P in ProviderName]?: string } = {};
  for (const provider of Object.keys(credentials) as ProviderName[]) {
    fingerprints[provider] = fingerprintSecrets(provider, readSecrets(credentials, provider));
  }
  const changes = compareCredentials(input, {
    credentials,
    fingerprints,
    stored: Object.fromEntries(integrations.map((row) => [row.provider, row])),
  });
  return { credentials, fingerprints, changes };
}

/** The part of a provider's credentials that is sealed. */
export function readSecrets<P extends ProviderName>(
  credentials: Credentials,
  provider: P,
): SecretsOf[P] {
  const { vapi, twilio, whatsapp } = credentials;
  const secrets: { [Q in ProviderName]: () => SecretsOf[Q] | undefined } = {
    vapi: () => vapi && { api_key: vapi.api_key },
    twilio: () => twilio && { auth_token: twilio.auth_token },
    whatsapp: () =>
      whatsapp &&
      { access_token: whatsapp.access_token, app_secret: whatsapp.app_secret },
  };
  const found = secrets[provider]();
  if (found === undefined) throw new Error(`no credentials of "${provider}"`);
  return found;
}

export function isSealed(
  row: SealedIntegrationRow,
): row is SealedIntegrationRow & Sealed {
  return row.connected && row.ciphertext !== null && row.key_id !== null;
}
