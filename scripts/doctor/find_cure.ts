import { VARIABLES } from "../../supabase/functions/_shared/env.ts";

const META_APP = "https://developers.facebook.com/apps";

/** Where the value of a variable comes from, for whom it is missing. */
const SOURCES: { [name: string]: string } = {
  CREDENTIAL_KEYS: `CREDENTIAL_KEYS='{"key-1":"'$(openssl rand -base64 32)'"}'`,
  VAPI_WEBHOOK_SECRET: "VAPI_WEBHOOK_SECRET=$(openssl rand -hex 32)",
  WA_VERIFY_TOKEN: "WA_VERIFY_TOKEN=$(openssl rand -hex 24); Meta is told the same",
  WHATSAPP_APP_SECRET: `${META_APP} > your app > App settings > Basic > App secret`,
  GEMINI_API_KEY: "https://aistudio.google.com/apikey",
  OPENAI_API_KEY: "https://platform.openai.com/api-keys",
  SENTRY_DSN: "Sentry > Project settings > Client keys (DSN)",
  ALERT_WEBHOOK_URL: "https://api.slack.com/messaging/webhooks",
};

export function findCure(name: string): string {
  const variables: { [name: string]: { purpose: string } } = VARIABLES;
  return SOURCES[name] ?? `set ${name}: ${variables[name]?.purpose ?? "see .env.example"}`;
}
