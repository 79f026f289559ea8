import assert from "node:assert/strict";
import {
  chooseServiceKeys,
  type Environment,
  findUnusable,
  readEnvironment,
  type VariableName,
  VARIABLES,
} from "./env.ts";
import { AppError } from "./errors.ts";

const KEY = btoa("k".repeat(32));

function from(values: Record<string, string>) {
  return (name: string) => values[name];
}

Deno.test("each variable is read in its own type", async (test) => {
  const cases: { [N in VariableName]?: [string, Environment<N>[N]][] } = {
    SUPABASE_URL: [["https://x.supabase.co/", "https://x.supabase.co"]],
    SUPABASE_SECRET_KEYS: [[`{"default":"sb_secret_a"}`, { default: "sb_secret_a" }]],
    SUPABASE_JWKS: [
      [`{"keys":[{"kty":"EC"}]}`, { keys: [{ kty: "EC" }] }],
      [`[{"kty":"EC"}]`, { keys: [{ kty: "EC" }] }],
    ],
    CREDENTIAL_KEYS: [[`{"b":"${KEY}","a":"${KEY}"}`, [
      { id: "b", key: new Uint8Array(32).fill(107) },
      { id: "a", key: new Uint8Array(32).fill(107) },
    ]]],
    VAPI_WEBHOOK_SECRET: [["new, old ,", ["new", "old"]], ["one", ["one"]]],
    EMBEDDING_PROVIDER: [["built_in", "built_in"], ["gemini", "gemini"]],
    LANGUAGE_MODEL: [["openai/meta/one:2", "openai/meta/one:2"], ["gemini/a-1", "gemini/a-1"]],
    LANGUAGE_MODEL_PRICES: [[`{"a":{"input":1,"output":2}}`, { a: { input: 1, output: 2 } }]],
    ENABLE_WORKSPACE_TIER: [["false", false], ["TRUE", true], ["0", false]],
    AGENT_LOG_LEVEL: [["warning", "WARN"], ["debug", "DEBUG"], ["CRITICAL", "CRITICAL"]],
    AGENT_MAX_CONCURRENT: [["25", 25]],
    WHATSAPP_GRAPH_VERSION: [["v27.0", "v27.0"]],
    DASHBOARD_ORIGINS: [["https://a.test,https://b.test", ["https://a.test", "https://b.test"]]],
  };
  for (const [name, examples] of Object.entries(cases)) {
    for (const [given, expected] of examples) {
      await test.step(`${name}=${given.slice(0, 30)}`, () => {
        const values = readEnvironment([name as VariableName], from({ [name]: given }));
        assert.deepEqual(values[name as VariableName], expected);
      });
    }
  }
});

Deno.test("what is not set has its default", () => {
  const names = Object.keys(VARIABLES) as VariableName[];
  const environment = readEnvironment(
    names,
    from({
      SUPABASE_URL: "https://x.supabase.co",
      SUPABASE_SERVICE_ROLE_KEY: "legacy",
      CREDENTIAL_KEYS: `{"a":"${KEY}"}`,
      VAPI_WEBHOOK_SECRET: "s",
      AGENT_TIMEOUT_SECONDS: "  ",
    }),
  );
  const { SUPABASE_URL: _url, CREDENTIAL_KEYS: _keys, ...others } = environment;
  assert.deepEqual(others, {
    ALERT_WEBHOOK_URL: undefined,
    SENTRY_DSN: undefined,
    SUPABASE_SECRET_KEYS: undefined,
    SUPABASE_SERVICE_ROLE_KEY: "legacy",
    SUPABASE_PUBLISHABLE_KEYS: undefined,
    SUPABASE_ANON_KEY: undefined,
    SUPABASE_JWKS: undefined,
    LEGACY_JWT_SECRET: undefined,
    VAPI_WEBHOOK_SECRET: ["s"],
    VAPI_SIGNATURE_PAYLOAD: "timestamp.body",
    RECORDING_HOSTS: ["storage.vapi.ai", "*.vapi.ai", "*.r2.cloudflarestorage.com"],
    WHATSAPP_APP_SECRET: undefined,
    WA_VERIFY_TOKEN: undefined,
    GEMINI_API_KEY: undefined,
    GEMINI_API_URL: "https://generativelanguage.googleapis.com",
    OPENAI_API_KEY: undefined,
    OPENAI_API_URL: "https://api.openai.com",
    LANGUAGE_MODEL: "gemini-3.8-flash",
    CLASSIFIER_MODEL: "gemini-3.5-flash-lite",
    LANGUAGE_MODEL_PRICES: undefined,
    EMBEDDING_PROVIDER: "none",
    PAGE_TEST_ORIGINS: undefined,
    LEGACY_TEST_ORIGINS: undefined,
    EMBEDDING_MODEL: "gemini-embedding-001",
    WEBHOOK_MAX_IN_FLIGHT: 400,
    ENABLE_WORKSPACE_TIER: true,
    AGENT_SYSTEM_ENABLED: true,
    AGENT_LOG_LEVEL: "INFO",
    AGENT_MAX_CONCURRENT: 10,
    AGENT_RETRY_ATTEMPTS: 3,
    AGENT_TIMEOUT_SECONDS: 30,
    PUBLIC_FUNCTIONS_URL: "https://x.supabase.co/functions/v1",
    VAPI_API_URL: "https://api.vapi.ai",
    TWILIO_API_URL: "https://api.twilio.com",
    WHATSAPP_GRAPH_URL: "https://graph.facebook.com",
    WHATSAPP_GRAPH_VERSION: "v26.0",
    DASHBOARD_ORIGINS: ["*"],
    PROVIDER_RETRY_BASE_MILLISECONDS: 500,
  });
});

Deno.test("every missing or malformed variable is named with what it is for, never its value", async (test) => {
  const secret = "hunter2-value";
  const cases: [VariableName, string, RegExp][] = [
    ["SUPABASE_URL", "", /SUPABASE_URL is missing \(address of the project's API/],
    ["SUPABASE_URL", secret, /SUPABASE_URL must be an http or https address/],
    ["SUPABASE_URL", "ftp://x.test", /must be an http or https address/],
    ["SUPABASE_SECRET_KEYS", "", /is missing, and so is SUPABASE_SERVICE_ROLE_KEY/],
    ["SUPABASE_SECRET_KEYS", secret, /SUPABASE_SECRET_KEYS must be JSON like/],
    ["SUPABASE_SECRET_KEYS", `{"default":1}`, /must be JSON like/],
    ["SUPABASE_JWKS", `{"keys":"${secret}"}`, /must be JSON like/],
    ["CREDENTIAL_KEYS", "", /CREDENTIAL_KEYS is missing \(encrypts/],
    ["CREDENTIAL_KEYS", `{"a":"${btoa(secret)}"}`, /32 bytes/],
    ["CREDENTIAL_KEYS", `{"a":"${secret}!"}`, /32 bytes/],
    ["CREDENTIAL_KEYS", `{"2":"${KEY}","1":"${KEY}"}`, /not of digits alone/],
    ["CREDENTIAL_KEYS", `{}`, /32 bytes/],
    ["VAPI_WEBHOOK_SECRET", " , ", /must hold at least one value/],
    ["VAPI_SIGNATURE_PAYLOAD", secret, /must be timestamp.body or body/],
    ["LANGUAGE_MODEL", `claude/${secret}`, /must be a model's id/],
    ["LANGUAGE_MODEL_PRICES", `{"a":"${secret}"}`, /must be JSON like/],
    ["ENABLE_WORKSPACE_TIER", secret, /must be true or false/],
    ["AGENT_LOG_LEVEL", secret, /must be one of DEBUG/],
    ["AGENT_MAX_CONCURRENT", "0", /whole number from 1 to 1000/],
    ["AGENT_MAX_CONCURRENT", "1e2", /whole number/],
    ["AGENT_TIMEOUT_SECONDS", secret, /AGENT_TIMEOUT_SECONDS must be a whole number/],
    ["WHATSAPP_GRAPH_VERSION", secret, /must be like v26.0/],
  ];
  for (const [name, value, expected] of cases) {
    await test.step(`${name}=${value.slice(0, 20)}`, () => {
      assert.throws(() => readEnvironment([name], from({ [name]: value })), (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, "misconfigured");
        assert.match(error.message, expected);
        assert.ok(!JSON.stringify([error.message, error.errors]).includes(secret));
        assert.deepEqual(error.errors.map(({ field }) => field), [name]);
        return true;
      });
    });
  }
});

Deno.test("all that is wrong is told at once, and what a function doesn't name doesn't matter", () => {
  const read = from({ SUPABASE_URL: "nonsense", AGENT_MAX_CONCURRENT: "nonsense" });
  assert.throws(
    () => readEnvironment(["SUPABASE_URL", "CREDENTIAL_KEYS", "GEMINI_API_KEY"], read),
    (error) => {
      assert.ok(error instanceof AppError);
      assert.deepEqual(error.errors.map(({ field }) => field), ["SUPABASE_URL", "CREDENTIAL_KEYS"]);
      return true;
    },
  );
  assert.deepEqual(readEnvironment(["GEMINI_API_KEY"], read), { GEMINI_API_KEY: undefined });
});

Deno.test("chooseServiceKeys prefers today's keys and keeps the legacy one for callers", async (test) => {
  const cases: [string, Parameters<typeof chooseServiceKeys>[0], unknown][] = [
    [
      "both",
      {
        SUPABASE_SECRET_KEYS: { cron: "sb_secret_c", default: "sb_secret_d" },
        SUPABASE_SERVICE_ROLE_KEY: "jwt",
      },
      {
        serviceKey: "sb_secret_d",
        secretKeys: ["sb_secret_c", "sb_secret_d"],
        legacyServiceRoleKey: "jwt",
      },
    ],
    [
      "none called default",
      { SUPABASE_SECRET_KEYS: { cron: "sb_secret_c" }, SUPABASE_SERVICE_ROLE_KEY: undefined },
      {
        serviceKey: "sb_secret_c",
        secretKeys: ["sb_secret_c"],
        legacyServiceRoleKey: undefined,
      },
    ],
    [
      "none yet of today's",
      { SUPABASE_SECRET_KEYS: {}, SUPABASE_SERVICE_ROLE_KEY: "jwt" },
      { serviceKey: "jwt", secretKeys: [], legacyServiceRoleKey: "jwt" },
    ],
    [
      "legacy alone",
      { SUPABASE_SECRET_KEYS: undefined, SUPABASE_SERVICE_ROLE_KEY: "jwt" },
      { serviceKey: "jwt", secretKeys: [], legacyServiceRoleKey: "jwt" },
    ],
  ];
  for (const [name, given, expected] of cases) {
    await test.step(name, () => assert.deepEqual(chooseServiceKeys(given), expected));
  }
  assert.throws(
    () =>
      chooseServiceKeys({
        SUPABASE_SECRET_KEYS: undefined,
        SUPABASE_SERVICE_ROLE_KEY: undefined,
      }),
    /neither/,
  );
});

Deno.test("vectors are made by Gemini where it has a key, unless something else is said", () => {
  const choose = (values: Record<string, string>) =>
    readEnvironment(["EMBEDDING_PROVIDER"], from(values)).EMBEDDING_PROVIDER;
  assert.equal(choose({ GEMINI_API_KEY: "k" }), "gemini");
  assert.equal(choose({ GEMINI_API_KEY: " " }), "none");
  assert.equal(choose({ GEMINI_API_KEY: "k", EMBEDDING_PROVIDER: "none" }), "none");
  assert.throws(() => choose({ EMBEDDING_PROVIDER: "openai" }), /must be gemini, built_in or none/);
});

Deno.test("what can't do its work is named, missing or malformed, with no value", () => {
  const names = [
    "CREDENTIAL_KEYS",
    "VAPI_WEBHOOK_SECRET",
    "WA_VERIFY_TOKEN",
    "SUPABASE_URL",
  ] as const;
  const read = from({
    CREDENTIAL_KEYS: '{"a":"dG9vLXNob3J0"}',
    WA_VERIFY_TOKEN: " ",
    SUPABASE_URL: "https://x.supabase.co",
  });
  const found = findUnusable(names, read);
  assert.deepEqual(
    found.map(({ field }) => field),
    ["CREDENTIAL_KEYS", "VAPI_WEBHOOK_SECRET", "WA_VERIFY_TOKEN"],
  );
  assert.match(found[2]!.detail, /^is missing \(answers Meta/);
  assert.ok(!JSON.stringify(found).includes("dG9vLXNob3J0"));
});
