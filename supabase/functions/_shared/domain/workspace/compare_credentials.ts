import type { JsonObject, ProviderName } from "../../ports.ts";
import { CREDENTIAL_FIELDS, type Credentials } from "./complete_credentials.ts";
import type { WorkspaceInput } from "./workspace_input.ts";

export type CredentialChange = {
  provider: ProviderName;
  action: "connect" | "change" | "keep";
  /** Names as in the request. */
  fields: string[];
};

type StoredIntegration = {
  connected: boolean;
  fingerprint: string | null;
  public_config: JsonObject;
};

/** Members that no one can read back: only the fingerprint over them tells whether they changed. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  "api_key",
  "auth_token",
  "access_token",
  "app_secret",
]);

/** What a save would change, provider by provider, told from fingerprints and public ids. */
export function compareCredentials(
  input: WorkspaceInput,
  { credentials, fingerprints, stored }: {
    credentials: Credentials;
    fingerprints: { [P in ProviderName]?: string };
    stored: { [P in ProviderName]?: StoredIntegration };
  },
): CredentialChange[] {
  return (Object.keys(credentials) as ProviderName[]).map((provider) => {
    const given = Object.entries(CREDENTIAL_FIELDS[provider])
      .filter(([, field]) => input[field] !== undefined);
    const known = stored[provider];
    if (known === undefined || !known.connected) {
      return { provider, action: "connect", fields: given.map(([, field]) => field) };
    }
    const values = credentials[provider] as Record<string, string | null>;
    const fields = given.filter(([name]) =>
      SECRET_NAMES.has(name)
        ? known.fingerprint !== fingerprints[provider]
        : known.public_config[name] !== values[name]
    ).map(([, field]) => field);
    return { provider, action: fields.length === 0 ? "keep" : "change", fields };
  });
}
