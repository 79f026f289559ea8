import assert from "node:assert/strict";
import { AppError, ProviderError } from "../errors.ts";
import { redact, redactText } from "./redact.ts";

const UUID = "11111111-1111-4111-8111-111111111111";
const HEX_32 = "0123456789abcdef0123456789abcdef";
const HEX_64 = HEX_32 + HEX_32;
const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ";

Deno.test("redactText drops what looks like a secret and keeps what it was", async (test) => {
  const cases: [string, string][] = [
    ["authorization: Bearer abcdefgh12345678", "authorization: Bearer [redacted]"],
    ["Basic QUMxMjM6c2VjcmV0", "Basic [redacted]"],
    ["key sb_secret_AbCdEf123456 used", "key sb_secret_[redacted] used"],
    [`token ${JWT} is bad`, "token [redacted token] is bad"],
    [`eyJhbGciOiJkaXIifQ..aXYxMjM0NTY3OA.Y2lwaGVy.dGFn`, "[redacted token]"],
    ["EAAGm0PX4ZCpsBAKZCabcdefghijk", "EAA[redacted]"],
    [
      `https://x.test/?key=1&access_token=${"a1B2".repeat(6)}&v=2`,
      "https://x.test/?key=1&access_token=[redacted]&v=2",
    ],
    ["hub.verify_token=hello", "hub.verify_token=[redacted]"],
    ["postgres://postgres:hunter2@db:5432/x", "postgres://postgres:[redacted]@db:5432/x"],
    [`{"vapi_api_key":"${UUID}","name":"x"}`, `{"vapi_api_key":"[redacted]","name":"x"}`],
    [
      `{\\"api_key\\":\\"abc\\",\\"b\\":\\"c\\"}`,
      `{\\"api_key\\":\\"[redacted]\\",\\"b\\":\\"c\\"}`,
    ],
    [`{"auth_token" : "a\\"b"}`, `{"auth_token" : "[redacted]"}`],
    [`X-Vapi-Secret v1.${UUID}.3.${HEX_64}`, `X-Vapi-Secret v1.${UUID}.3.[redacted]`],
    [`auth ${HEX_32}.`, "auth [redacted]."],
    [`prefix_${HEX_32}`, "prefix_[redacted]"],
  ];
  for (const [given, expected] of cases) {
    await test.step(given.slice(0, 40), () => assert.equal(redactText(given), expected));
  }
});

Deno.test("redactText leaves what is no secret", async (test) => {
  const cases = [
    UUID,
    `AC${HEX_32}`,
    `PN${HEX_32}`,
    "Cannot accept the token: it has expired",
    "Validating Vapi API key",
    "https://api.vapi.ai/assistant?limit=1",
    "2026-11-20T10:00:00.000Z",
    "+16505551234",
    "request 7d793037a0760186 took 12 ms",
  ];
  for (const text of cases) {
    await test.step(text, () => assert.equal(redactText(text), text));
  }
});

Deno.test("redact decides by the name of the key", async (test) => {
  const secretNames = [
    "api_key",
    "apiKey",
    "API-KEY",
    "apikey",
    "vapi_api_key",
    "twilio_auth_token",
    "whatsapp_access_token",
    "whatsapp_app_secret",
    "secret",
    "password",
    "Authorization",
    "ciphertext",
    "set-cookie",
    "credentials",
    "serviceRoleKey",
    "legacy_jwt",
    "X-Vapi-Secret",
  ];
  for (const name of secretNames) {
    await test.step(`${name} is dropped`, () => {
      assert.deepEqual(redact({ [name]: "plain" }), { [name]: "[redacted]" });
      assert.deepEqual(redact({ [name]: { nested: "plain" } }), { [name]: "[redacted]" });
    });
  }
  const kept: Record<string, unknown>[] = [
    { has_app_secret: true },
    { credentialsStored: false },
    { webhook_secret_version: 3 },
    { fencing_token: 12 },
    { fencing_token: "12" },
    { tokens_used: 812 },
    { key_id: "key-2026-11" },
    { secret: null },
    { config_key: "unified_service_flags" },
    { applied_hash: HEX_64, applied_key_fingerprint: HEX_64, request_id: HEX_32 },
    { org_id: UUID, status: 200, path: "/sync" },
  ];
  for (const fields of kept) {
    await test.step(`${Object.keys(fields)} stays`, () => assert.deepEqual(redact(fields), fields));
  }
});

Deno.test("redact makes anything printable", async (test) => {
  const circular: Record<string, unknown> = { name: "loop" };
  circular.self = circular;
  let deep: unknown = "bottom";
  for (let level = 0; level < 20; level += 1) deep = { deep };
  const cases: [string, unknown, unknown][] = [
    ["a cycle", circular, { name: "loop", self: "[circular]" }],
    ["the same object twice", [circular.name, circular.name], ["loop", "loop"]],
    ["a big integer", { id: 12345678901234567890n }, { id: "12345678901234567890" }],
    ["not a number", { value: NaN }, { value: "NaN" }],
    ["bytes", { body: new Uint8Array(7) }, { body: "[7 bytes]" }],
    ["a date", { at: new Date(0) }, { at: "1970-01-01T00:00:00.000Z" }],
    ["a broken date", { at: new Date(NaN) }, { at: null }],
    ["a function", { run: () => 1 }, { run: undefined }],
    [
      "headers",
      { headers: new Headers({ apikey: "abc", accept: "*/*" }) },
      { headers: { accept: "*/*", apikey: "[redacted]" } },
    ],
    ["a map", new Map<string, unknown>([["password", "x"], ["a", 1]]), {
      password: "[redacted]",
      a: 1,
    }],
    ["a set", { roles: new Set(["owner"]) }, { roles: ["owner"] }],
  ];
  for (const [name, given, expected] of cases) {
    await test.step(name, () => assert.deepEqual(redact(given), expected));
  }
  await test.step("depth is cut", () => {
    assert.match(JSON.stringify(redact(deep)), /too deep/);
  });
  await test.step("long lists are cut", () => {
    const result = redact(Array.from({ length: 500 }, (_, index) => index)) as unknown[];
    assert.equal(result.length, 101);
    assert.equal(result.at(-1), "… (500 items)");
  });
  await test.step("long texts are cut", () => {
    assert.ok((redact("x".repeat(100_000)) as string).length < 5_000);
  });
  await test.step("a secret at the cut is not halved", () => {
    const text = redact(`${"x ".repeat(1_990)}${HEX_64} ${"y ".repeat(1_000)}`) as string;
    assert.ok(!text.includes(HEX_32.slice(0, 8)));
  });
});

Deno.test("redact describes errors with name, message, code and cause", () => {
  const cause = new ProviderError("vapi", "unauthorized", `key Bearer ${"k".repeat(20)}`, {
    status: 401,
  });
  const error = new AppError("check_failed", "Cannot save", { cause });
  assert.deepEqual(redact({ error }), {
    error: {
      name: "AppError",
      message: "Cannot save",
      code: "check_failed",
      errors: [],
      retryAfterSeconds: undefined,
      extensions: {},
      cause: {
        name: "ProviderError",
        message: "vapi: key Bearer [redacted]",
        provider: "vapi",
        failure: "unauthorized",
        status: 401,
        reason: "key Bearer [redacted]",
        ambiguous: false,
        retryAfterSeconds: undefined,
      },
    },
  });
});

Deno.test("redact keeps the stack of an error nobody threw on purpose, without its message", () => {
  const result = redact(new TypeError("x".repeat(40) + ` ${HEX_32}`)) as {
    name: string;
    stack: string[];
  };
  assert.equal(result.name, "TypeError");
  assert.ok(result.stack.length > 0);
  assert.ok(result.stack.every((line) => line.startsWith("at ")));
  assert.doesNotMatch(JSON.stringify(result), new RegExp(HEX_32));
});
