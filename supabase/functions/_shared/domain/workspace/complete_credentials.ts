import type { FieldError } from "../../errors.ts";
import type { ProviderName } from "../../ports.ts";
import type { WorkspaceInput } from "./workspace_input.ts";

export type VapiCredentials = { api_key: string };
export type TwilioCredentials = { account_sid: string; auth_token: string; from_number: string };
export type WhatsappCredentials = {
  phone_number_id: string;
  business_account_id: string;
  access_token: string;
  app_secret: string | null;
};
export type CredentialsOf = {
  vapi: VapiCredentials;
  twilio: TwilioCredentials;
  whatsapp: WhatsappCredentials;
};
export type Credentials = { [P in ProviderName]?: CredentialsOf[P] };

/** Each credential's name in a request, by provider. */
export const CREDENTIAL_FIELDS = {
  vapi: { api_key: "vapi_api_key" },
  twilio: {
    account_sid: "twilio_account_sid",
    auth_token: "twilio_auth_token",
    from_number: "twilio_from_number",
  },
  whatsapp: {
    phone_number_id: "whatsapp_phone_number_id",
    business_account_id: "whatsapp_business_account_id",
    access_token: "whatsapp_access_token",
    app_secret: "whatsapp_app_secret",
  },
} as const satisfies {
  [P in ProviderName]: { [K in keyof CredentialsOf[P]]: keyof WorkspaceInput };
};

/** The providers that a save mentions with at least one field. */
export function listMentionedProviders(input: WorkspaceInput): ProviderName[] {
  return (Object.keys(CREDENTIAL_FIELDS) as ProviderName[]).filter((provider) =>
    Object.values(CREDENTIAL_FIELDS[provider]).some((field) => input[field] !== undefined)
  );
}

/** Whether a save needs what is stored of a provider to know the whole credentials. */
export function needsStored(input: WorkspaceInput, provider: ProviderName): boolean {
  return Object.entries(CREDENTIAL_FIELDS[provider]).some(([name, field]) =>
    name !== "app_secret" && input[field] === undefined
  );
}

/**
 * Completes the groups that were given in part with what is stored: a new number, a rotated token
 * or an added app secret can be saved alone. Two exceptions keep credentials from being mixed: a
 * different Twilio account needs its own token and number, and a different WhatsApp business
 * account leaves the old one's app secret behind.
 * @returns the credentials to check, and an entry for each field that is missing
 */
export function completeCredentials(
  input: WorkspaceInput,
  stored: Credentials,
): { credentials: Credentials; missing: FieldError[] } {
  const credentials: Credentials = {};
  const missing: FieldError[] = [];

  if (input.vapi_api_key !== undefined) credentials.vapi = { api_key: input.vapi_api_key };

  const mentioned = listMentionedProviders(input);
  if (mentioned.includes("twilio")) {
    const sid = input.twilio_account_sid;
    const known = sid === undefined || sid === stored.twilio?.account_sid
      ? stored.twilio
      : undefined;
    const account_sid = sid ?? known?.account_sid;
    const auth_token = input.twilio_auth_token ?? known?.auth_token;
    const from_number = input.twilio_from_number ?? known?.from_number;
    if (account_sid !== undefined && auth_token !== undefined && from_number !== undefined) {
      credentials.twilio = { account_sid, auth_token, from_number };
    } else {
      missing.push(...listMissing("twilio", { account_sid, auth_token, from_number }));
    }
  }

  if (mentioned.includes("whatsapp")) {
    const known = stored.whatsapp;
    const phone_number_id = input.whatsapp_phone_number_id ?? known?.phone_number_id;
    const business_account_id = input.whatsapp_business_account_id ?? known?.business_account_id;
    const access_token = input.whatsapp_access_token ?? known?.access_token;
    const keptSecret = business_account_id === known?.business_account_id
      ? known?.app_secret
      : null;
    const app_secret = input.whatsapp_app_secret === undefined
      ? keptSecret ?? null
      : input.whatsapp_app_secret;
    if (
      phone_number_id !== undefined && business_account_id !== undefined &&
      access_token !== undefined
    ) {
      credentials.whatsapp = { phone_number_id, business_account_id, access_token, app_secret };
    } else {
      missing.push(
        ...listMissing("whatsapp", { phone_number_id, business_account_id, access_token }),
      );
    }
  }
  return { credentials, missing };
}

function listMissing<P extends ProviderName>(
  provider: P,
  values: { [name in keyof CredentialsOf[P]]?: string | undefined },
): FieldError[] {
  const names = CREDENTIAL_FIELDS[provider] as Record<string, string>;
  return Object.entries(values).filter(([, value]) => value === undefined).map(([name]) => ({
    field: names[name] ?? name,
    detail: "is required together with the other fields of its provider",
  }));
}
