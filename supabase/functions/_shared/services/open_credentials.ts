import type { Credentials } from "../domain/workspace/complete_credentials.ts";
import type {
  CredentialCipher,
  JsonObject,
  ProviderName,
  Sealed,
  TwilioPublicConfig,
  WhatsappPublicConfig,
} from "../ports.ts";

/**
 * A stored integration's whole credentials: its secrets, opened, and its public ids.
 * @throws AppError `misconfigured` when no configured key opens them
 */
export async function openCredentials(
  cipher: CredentialCipher,
  orgId: string,
  stored: { provider: ProviderName; public_config: JsonObject } & Sealed,
): Promise<Credentials> {
  switch (stored.provider) {
    case "vapi":
      return { vapi: await cipher.open(orgId, "vapi", stored) };
    case "twilio": {
      const { account_sid, from_number } = stored
        .public_config as TwilioPublicConfig;
      const { auth_token } = await cipher.open(orgId, "twilio", stored);
      return { twilio: { account_sid, from_number, auth_token } };
    }
    case "whatsapp": {
      const { phone_number_id, business_account_id } = stored
        .public_config as WhatsappPublicConfig;
      const secrets = await cipher.open(orgId, "whatsapp", stored);
      return { whatsapp: { phone_number_id, business_account_id, ...secrets } };
    }
  }
}
