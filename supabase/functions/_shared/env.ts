import type * as z from "zod";
import { AppError, type FieldError } from "./errors.ts";
import {
  address,
  credentialKeys,
  embeddingProvider,
  graphVersion,
  keySet,
  level,
  list,
  model,
  modelPrices,
  namedKeys,
  signaturePayload,
  text,
  truth,
  whole,
} from "./env/values.ts";

type Read = (name: string) => string | undefined;
type Presence = "required" | "optional" | "default";
type Variable<T, P extends Presence> = {
  purpose: string;
  presence: P;
  schema: z.ZodType<T, string>;
  fallback?: (read: Read) => string | undefined;
  /** Required only where this other one is missing too. */
  unless?: string;
};

function required<T>(
  purpose: string,
  schema: z.ZodType<T, string>,
): Variable<T, "required"> {
  return { purpose, schema, presence: "required" };
}

function optional<T>(
  purpose: string,
  schema: z.ZodType<T, string>,
  options: { unless?: string } = {},
): Variable<T, "optional"> {
  return { purpose, schema, presence: "optional", ...options };
}

function withDefault<T>(
  purpose: string,
  schema: z.ZodType<T, string>,
  fallback: string | ((read: Read) => string | undefined),
): Variable<T, "default"> {
  const choose = typeof fallback === "string" ? () => fallback : fallback;
  return { purpose, schema, presence: "default", fallback: choose };
}

/** Every variable a function may read, described once. A deployment checks its secrets by it. */
export const VARIABLES = {
  SUPABASE_URL: required(
    "address of the project's API, set by the platform",
    address,
  ),
  SUPABASE_SECRET_KEYS: optional(
    "secret keys of the project by name, set by the platform; calls the database and is what schedulers and operators show",
    namedKeys,
    { unless: "SUPABASE_SERVICE_ROLE_KEY" },
  ),
  SUPABASE_SERVICE_ROLE_KEY: optional(
    "the secret key of projects that have no SUPABASE_SECRET_KEYS yet, set by the platform",
    text,
  ),
  SUPABASE_PUBLISHABLE_KEYS: optional(
    "publishable keys of the project by name, set by the platform",
    namedKeys,
  ),
  SUPABASE_ANON_KEY: optional(
    "the publishable key of projects that have no SUPABASE_PUBLISHABLE_KEYS yet, set by the platform",
    text,
  ),
  SUPABASE_JWKS: optional(
    "public keys that verify user tokens, set by the platform; without it they are fetched",
    keySet,
  ),
  LEGACY_JWT_SECRET: optional(
    "verifies HS256 user tokens of projects that still sign with a shared secret",
    text,
  ),
  CREDENTIAL_KEYS: required(
    "encrypts the organizations' provider credentials; the first key encrypts, all decrypt",
    credentialKeys,
  ),
  VAPI_WEBHOOK_SECRET: required(
    "signs and verifies what Vapi sends, newest first, separated by commas",
    list,
  ),
  VAPI_SIGNATURE_PAYLOAD: withDefault(
    "what an account-wide signature of Vapi's covers",
    signaturePayload,
    "timestamp.body",
  ),
  RECORDING_HOSTS: withDefault(
    "hosts that recordings may be fetched from, separated by commas: a host, *.host, or a whole origin",
    list,
    "storage.vapi.ai,*.vapi.ai,*.r2.cloudflarestorage.com",
  ),
  WHATSAPP_APP_SECRET: optional(
    "verifies WhatsApp deliveries, newest first, separated by commas; without it they are refused",
    list,
  ),
  WA_VERIFY_TOKEN: optional(
    "answers Meta's subscription handshake; without it the handshake is refused",
    text,
  ),
  GEMINI_API_KEY: optional(
    "lets agents use the language model; without it they decide by keywords",
    text,
  ),
  GEMINI_API_URL: withDefault(
    "address of Gemini's API",
    address,
    "https://generativelanguage.googleapis.com",
  ),
  OPENAI_API_KEY: optional(
    "key of OpenAI, or of who speaks its protocol, where LANGUAGE_MODEL or CLASSIFIER_MODEL is one of its models",
    text,
  ),
  OPENAI_API_URL: withDefault(
    "address of OpenAI's API",
    address,
    "https://api.openai.com",
  ),
  LANGUAGE_MODEL: withDefault(
    "the model that agents converse with: a Gemini id, or openai/<id>",
    model,
    "gemini-3.8-flash",
  ),
  CLASSIFIER_MODEL: withDefault(
    "the model that finds out what a message is about where keywords don't tell: a Gemini id, or openai/<id>",
    model,
    "gemini-3.5-flash-lite",
  ),
  LANGUAGE_MODEL_PRICES: optional(
    "US dollars for a million tokens by model, so that turns know their cost",
    modelPrices,
  ),
  EMBEDDING_PROVIDER: withDefault(
    "what makes the knowledge base's vectors: gemini, built_in (the platform's own model) or none",
    embeddingProvider,
    (read) => read("GEMINI_API_KEY") === undefined ? "none" : "gemini",
  ),
  EMBEDDING_MODEL: withDefault(
    "Gemini's model for vectors; another one has every document embedded anew",
    text,
    "gemini-embedding-001",
  ),
  PAGE_TEST_ORIGINS: optional(
    "origins whose pages may be fetched although they are neither https nor public, such as http://127.0.0.1:*; never in production",
    list,
  ),
  LEGACY_TEST_ORIGINS: optional(
    "origins of legacy webhooks that need be neither https nor public, such as http://127.0.0.1:*; never in production",
    list,
  ),
  WEBHOOK_MAX_IN_FLIGHT: withDefault(
    "WhatsApp deliveries being taken at once in an isolate, more are answered 503; calls may be twice as many",
    whole(1, 10_000),
    "400",
  ),
  ENABLE_WORKSPACE_TIER: withDefault(
    "false stops workspace saves alone",
    truth,
    "true",
  ),
  AGENT_SYSTEM_ENABLED: withDefault(
    "false silences agents, storage goes on",
    truth,
    "true",
  ),
  AGENT_LOG_LEVEL: withDefault(
    "least severe level that is logged",
    level,
    "INFO",
  ),
  AGENT_MAX_CONCURRENT: withDefault(
    "agent turns at once in an isolate",
    whole(1, 1_000),
    "10",
  ),
  AGENT_RETRY_ATTEMPTS: withDefault(
    "attempts of a provider's call",
    whole(1, 10),
    "3",
  ),
  AGENT_TIMEOUT_SECONDS: withDefault(
    "longest time of a whole agent turn",
    whole(1, 300),
    "30",
  ),
  PUBLIC_FUNCTIONS_URL: withDefault(
    "base of the webhook address given to providers, where it is not SUPABASE_URL's",
    address,
    (read) => {
      const url = read("SUPABASE_URL");
      return url && `${url.replace(/\/+$/, "")}/functions/v1`;
    },
  ),
  VAPI_API_URL: withDefault(
    "address of Vapi's API",
    address,
    "https://api.vapi.ai",
  ),
  TWILIO_API_URL: withDefault(
    "address of Twilio's API",
    address,
    "https://api.twilio.com",
  ),
  WHATSAPP_GRAPH_URL: withDefault(
    "address of Meta's Graph API",
    address,
    "https://graph.facebook.com",
  ),
  WHATSAPP_GRAPH_VERSION: withDefault(
    "version of Meta's Graph API",
    graphVersion,
    "v26.0",
  ),
  DASHBOARD_ORIGINS: withDefault(
    "origins whose pages may call, separated by commas, * for any",
    list,
    "*",
  ),
  ALERT_WEBHOOK_URL: optional(
    'where alerts are told as {"text": …}, such as an incoming webhook of Slack\'s',
    address,
  ),
  SENTRY_DSN: optional(
    "address of a Sentry project that alerts are told to as well",
    address,
  ),
  PROVIDER_RETRY_BASE_MILLISECONDS: withDefault(
    "wait before the first retry of a provider's call, doubled each time",
    whole(1, 60_000),
    "500",
  ),
} as const satisfies Record<string, Variable<unknown, Presence>>;

export type VariableName = keyof typeof VARIABLES;
type ValueOf<N extends VariableName> = typeof VARIABLES[N] extends Variable<infer T, infer P>
  ? P extends "optional" ? T | undefined : T
  : never;
export type Environment<N extends VariableName> = { [K in N]: ValueOf<K> };

/**
 * The variables a function names, parsed. An empty one counts as missing.
 *
 * @throws AppError `misconfigured` that names every missing or malformed variable and what it is
 * for, never its value.
 */
export function readEnvironment<const N extends VariableName>(
  names: readonly N[],
  read: Read = (name) => Deno.env.get(name),
): Environment<N> {
  const present: Read = (name) => read(name)?.trim() || undefined;
  const values: Partial<Record<VariableName, unknown>> = {};
  const errors: FieldError[] = [];
  for (const name of names) {
    const variable: Variable<unknown, Presence> = VARIABLES[name];
    const raw = present(name) ?? variable.fallback?.(present);
    if (raw === undefined) {
      const detail = describeMissing(variable, present);
      if (detail) errors.push({ field: name, detail });
      values[name] = undefined;
      continue;
    }
    const parsed = variable.schema.safeParse(raw);
    if (parsed.success) values[name] = parsed.data;
    else {
      const reason = parsed.error.issues.map((issue) => issue.message).join(
        ", ",
      );
      errors.push({ field: name, detail: `${reason} (${variable.purpose})` });
    }
  }
  if (errors.length > 0) {
    const reasons = errors.map(({ field, detail }) => `${field} ${detail}`)
      .join("; ");
    throw new AppError(
      "misconfigured",
      `Cannot read the environment: ${reasons}`,
      { errors },
    );
  }
  return values as Environment<N>;
}

/**
 * What keeps these variables from doing their work: malformed, or missing, also where a function would
 * start without it. Names and reasons, never a value.
 */
export function findUnusable(
  names: readonly VariableName[],
  read: Read = (name) => Deno.env.get(name),
): FieldError[] {
  return names.flatMap((name) => {
    try {
      if (readEnvironment([name], read)[name] !== undefined) return [];
      return [{ field: name, detail: `is missing (${VARIABLES[name].purpose})` }];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.errors ?? [];
    }
  });
}

function describeMissing(
  variable: Variable<unknown, Presence>,
  read: Read,
): string | null {
  if (variable.unless) {
    if (read(variable.unless) !== undefined) return null;
    return `is missing, and so is ${variable.unless} (${variable.purpose})`;
  }
  return variable.presence !== "optional" ? `is missing (${variable.purpose})` : null;
}

/**
 * The project's secret keys, however the platform names them. `serviceKey` is the one to call the
 * database with; the others are what a caller may show.
 */
export function chooseServiceKeys(
  { SUPABASE_SECRET_KEYS, SUPABASE_SERVICE_ROLE_KEY }: Environment<
    "SUPABASE_SECRET_KEYS" | "SUPABASE_SERVICE_ROLE_KEY"
  >,
): {
  serviceKey: string;
  secretKeys: string[];
  legacyServiceRoleKey: string | undefined;
} {
  const secretKeys = Object.values(SUPABASE_SECRET_KEYS ?? {});
  const serviceKey = SUPABASE_SECRET_KEYS?.default ?? secretKeys[0] ??
    SUPABASE_SERVICE_ROLE_KEY;
  if (serviceKey === undefined) {
    throw new AppError(
      "misconfigured",
      "Cannot call the database: neither SUPABASE_SECRET_KEYS nor SUPABASE_SERVICE_ROLE_KEY is set",
    );
  }
  return {
    serviceKey,
    secretKeys,
    legacyServiceRoleKey: SUPABASE_SERVICE_ROLE_KEY,
  };
}
