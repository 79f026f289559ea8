import type { StackKeys } from "./create_keys.ts";
import type { StackFile } from "./stack_file.ts";

/** Variables that a function may read and that a developer may set in `.env`. */
const SETTABLE = [
  "CREDENTIAL_KEYS",
  "VAPI_WEBHOOK_SECRET",
  "VAPI_SIGNATURE_PAYLOAD",
  "RECORDING_HOSTS",
  "WHATSAPP_APP_SECRET",
  "WA_VERIFY_TOKEN",
  "GEMINI_API_KEY",
  "GEMINI_API_URL",
  "OPENAI_API_KEY",
  "OPENAI_API_URL",
  "LANGUAGE_MODEL",
  "CLASSIFIER_MODEL",
  "LANGUAGE_MODEL_PRICES",
  "EMBEDDING_PROVIDER",
  "EMBEDDING_MODEL",
  "PAGE_TEST_ORIGINS",
  "LEGACY_TEST_ORIGINS",
  "ENABLE_WORKSPACE_TIER",
  "AGENT_SYSTEM_ENABLED",
  "AGENT_LOG_LEVEL",
  "AGENT_MAX_CONCURRENT",
  "WEBHOOK_MAX_IN_FLIGHT",
  "AGENT_RETRY_ATTEMPTS",
  "AGENT_TIMEOUT_SECONDS",
  "PUBLIC_FUNCTIONS_URL",
  "VAPI_API_URL",
  "TWILIO_API_URL",
  "WHATSAPP_GRAPH_URL",
  "WHATSAPP_GRAPH_VERSION",
  "DASHBOARD_ORIGINS",
  "PROVIDER_RETRY_BASE_MILLISECONDS",
  "ALERT_WEBHOOK_URL",
  "SENTRY_DSN",
] as const;

export type FunctionVariable = (typeof SETTABLE)[number];

/** The demo secrets of a local stack, used unless `.env` has others. */
export const LOCAL_SECRETS = {
  VAPI_WEBHOOK_SECRET: "local-vapi-webhook-secret",
  WHATSAPP_APP_SECRET: "local-whatsapp-app-secret",
  WA_VERIFY_TOKEN: "local-verify-token",
} as const satisfies Partial<Record<FunctionVariable, string>>;

/**
 * The environment of a function's process: what the platform sets, the simulators' addresses, and
 * over them what `overrides` (the `.env` file) sets. An empty value there means "not set".
 */
export function functionEnvironment(
  { url, keys, secretKey, publishableKey, ownsSigningKey, simulators, overrides }: {
    url: string;
    keys: StackKeys;
    secretKey: string;
    publishableKey: string;
    /** Whether `keys.publicJwk` is what users' tokens are signed with. */
    ownsSigningKey: boolean;
    simulators: Pick<StackFile["simulators"], "vapi" | "twilio" | "graph" | "gemini">;
    overrides: Record<string, string>;
  },
): Record<string, string> {
  const chosen = SETTABLE.map((name) => [name, overrides[name]] as const)
    .filter((pair): pair is [FunctionVariable, string] => Boolean(pair[1]));
  return {
    SUPABASE_URL: url,
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: secretKey }),
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: publishableKey }),
    SUPABASE_SERVICE_ROLE_KEY: keys.serviceRoleJwt,
    SUPABASE_ANON_KEY: keys.anonJwt,
    ...(ownsSigningKey ? { SUPABASE_JWKS: JSON.stringify({ keys: [keys.publicJwk] }) } : {}),
    LEGACY_JWT_SECRET: keys.legacyJwtSecret,
    CREDENTIAL_KEYS: keys.credentialKeys,
    ...LOCAL_SECRETS,
    // Recordings and pages come from wherever a test or a demo serves them; so does the older service.
    RECORDING_HOSTS: "http://127.0.0.1:*",
    PAGE_TEST_ORIGINS: "http://127.0.0.1:*",
    LEGACY_TEST_ORIGINS: "http://127.0.0.1:*",
    VAPI_API_URL: simulators.vapi,
    TWILIO_API_URL: simulators.twilio,
    WHATSAPP_GRAPH_URL: simulators.graph,
    // The simulator's key is no other service's, nor is a real key the simulator's.
    ...(overrides["GEMINI_API_KEY"] || overrides["GEMINI_API_URL"]
      ? {}
      : { GEMINI_API_KEY: "gemini-demo-key", GEMINI_API_URL: simulators.gemini }),
    ...Object.fromEntries(chosen),
  };
}

/** What the platform sets by itself, and what is set as the project's secrets. */
export function splitEnvironment(
  env: Record<string, string>,
): { platformVariables: Record<string, string>; secrets: Record<string, string> } {
  const isPlatform = ([name]: [string, string]) => name.startsWith("SUPABASE_");
  const entries = Object.entries(env);
  return {
    platformVariables: Object.fromEntries(entries.filter(isPlatform)),
    secrets: Object.fromEntries(entries.filter((entry) => !isPlatform(entry))),
  };
}
