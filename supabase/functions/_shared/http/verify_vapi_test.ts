import assert from "node:assert/strict";
import { AppError } from "../errors.ts";
import { createVapiVerifier, type VapiVerifierOptions } from "./verify_vapi.ts";

// Signatures below were made with `openssl dgst -sha256 -hmac <secret>` over the bytes of this body,
// which has an escaped and two raw characters outside ASCII.
const NEWEST = "first-secret-for-vectors";
const OLDER = "older-secret";
const BODY = new TextEncoder().encode('{"message":{"type":"hang","note":"caf\\u00e9 é 日本"}}');
const ORG = "11111111-1111-4111-8111-111111111111";
const NOON = Date.UTC(2025, 10, 20, 12);
const SECONDS = "1763640000";

const BODY_HEX = "cad1e5326164bacbf8886a9fddb41b6d9d99a764b7ba474e97016b305f78ac4b";
const BODY_BASE64 = "ytHlMmFkusv4iGqf3bQbbZ2Zp2S3ukdOlwFrMF94rEs=";
const SECONDS_HEX = "24e0ca95a9c4b1b15750137ecf6d5e08fdf072510c024be52473e71cacf4eee4";
const SECONDS_BASE64 = "JODKlanEsbFXUBN+z21eCP3wclEMAkvlJHPnHKz07uQ=";
const MILLISECONDS_OLDER_HEX = "b7be0ad96e816abc19d646dc784831a82f2670c4480fee3c5b9461799e6ebb0d";
const ISO_HEX = "a782ad1cc0739f4f34dbe2656f3e778ad474d41eab8b1ec033bdc7da3ac27b9f";
const SECRET_NEWEST =
  `v1.${ORG}.3.773f1fd828f18768ec0186cf7876dc0f18da6623c8125d97e1f673d317761ac3`;
const SECRET_OLDER = `v1.${ORG}.3.a6d789733fd10c7b99dfcc0d9c324700f6dcbbb3e5888e44c0b2900abab58a2a`;

function verify(
  headers: Record<string, string>,
  { body = BODY, ...options }: Partial<VapiVerifierOptions> & { body?: Uint8Array } = {},
) {
  return createVapiVerifier({ secrets: [NEWEST, OLDER], clock: () => NOON, ...options })(
    new Headers(headers),
    body,
  );
}

function refuses(run: () => unknown, code: string, pattern = /^Cannot /) {
  assert.throws(run, (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    assert.ok(!error.message.includes(NEWEST) && !error.message.includes(OLDER));
    return true;
  });
}

Deno.test("an organization's own secret names it", async (test) => {
  const cases: [string, string][] = [
    ["with the newest secret", SECRET_NEWEST],
    ["with an older one", SECRET_OLDER],
    ["with spaces around it", ` ${SECRET_NEWEST} `],
  ];
  for (const [name, value] of cases) {
    await test.step(name, () => {
      assert.deepEqual(verify({ "x-vapi-secret": value }), {
        kind: "organization",
        orgId: ORG,
        secretVersion: 3,
      });
    });
  }
});

Deno.test("an account-wide signature", async (test) => {
  const cases: [string, Record<string, string>, Partial<VapiVerifierOptions>][] = [
    ["hex, seconds", { "x-vapi-signature": SECONDS_HEX, "x-vapi-timestamp": SECONDS }, {}],
    ["other header names", { "x-signature": SECONDS_HEX, "x-timestamp": SECONDS }, {}],
    ["prefix", { "x-signature": `sha256=${SECONDS_HEX}`, "x-timestamp": SECONDS }, {}],
    ["base64", { "x-signature": SECONDS_BASE64, "x-timestamp": SECONDS }, {}],
    ["base64, prefix", { "x-signature": `sha256=${SECONDS_BASE64}`, "x-timestamp": SECONDS }, {}],
    [
      "base64 without padding",
      { "x-signature": SECONDS_BASE64.replace("=", ""), "x-timestamp": SECONDS },
      {},
    ],
    [
      "milliseconds, the older secret",
      { "x-signature": MILLISECONDS_OLDER_HEX, "x-timestamp": `${SECONDS}000` },
      {},
    ],
    ["ISO 8601", { "x-signature": ISO_HEX, "x-timestamp": "2025-11-20T12:00:00.000Z" }, {}],
    [
      "four minutes late",
      { "x-signature": SECONDS_HEX, "x-timestamp": SECONDS },
      { clock: () => NOON + 240_000 },
    ],
    [
      "four minutes early",
      { "x-signature": SECONDS_HEX, "x-timestamp": SECONDS },
      { clock: () => NOON - 240_000 },
    ],
    ["body alone", { "x-signature": BODY_HEX }, { signaturePayload: "body" }],
    ["body alone, base64", { "x-signature": BODY_BASE64 }, { signaturePayload: "body" }],
  ];
  for (const [name, headers, options] of cases) {
    await test.step(name, () => assert.deepEqual(verify(headers, options), { kind: "account" }));
  }
});

Deno.test("what is refused", async (test) => {
  const signed = { "x-signature": SECONDS_HEX, "x-timestamp": SECONDS };
  const cases: [string, Record<string, string>, Partial<VapiVerifierOptions>, RegExp][] = [
    ["nothing shown", {}, {}, /neither/],
    ["the plain secret", { "x-vapi-secret": NEWEST }, {}, /neither/],
    ["a bearer token", { authorization: `Bearer ${NEWEST}` }, {}, /neither/],
    ["an unknown secret", { "x-vapi-secret": SECRET_NEWEST }, { secrets: ["x"] }, /not match/],
    [
      "a secret for another organization",
      { "x-vapi-secret": SECRET_NEWEST.replace("11111111", "22222222") },
      {},
      /not match/,
    ],
    ["another version", { "x-vapi-secret": SECRET_NEWEST.replace(".3.", ".4.") }, {}, /not match/],
    ["a malformed secret", { "x-vapi-secret": `v1.${ORG}.3` }, {}, /malformed/],
    [
      "a wrong secret beside a good signature",
      { ...signed, "x-vapi-secret": `v1.${ORG}.3.${"0".repeat(64)}` },
      {},
      /not match/,
    ],
    ["no timestamp", { "x-signature": SECONDS_HEX }, {}, /no timestamp/],
    ["no time", { ...signed, "x-timestamp": "yesterday" }, {}, /no time/],
    ["another timestamp", { ...signed, "x-timestamp": "1763640001" }, {}, /not match/],
    ["six minutes late", signed, { clock: () => NOON + 360_000 }, /five minutes/],
    ["six minutes early", signed, { clock: () => NOON - 360_000 }, /five minutes/],
    ["signed with the body alone", { ...signed, "x-signature": BODY_HEX }, {}, /not match/],
    ["a timestamp where none is signed", signed, { signaturePayload: "body" }, /not match/],
    ["upper-case hex", { ...signed, "x-signature": SECONDS_HEX.toUpperCase() }, {}, /not SHA-256/],
    ["short", { ...signed, "x-signature": SECONDS_HEX.slice(2) }, {}, /not SHA-256/],
    ["SHA-1", { ...signed, "x-signature": "a".repeat(40) }, {}, /not SHA-256/],
  ];
  for (const [name, headers, options, pattern] of cases) {
    await test.step(name, () => {
      refuses(() => verify(headers, options), "unauthenticated", pattern);
    });
  }
});

Deno.test("without a secret nothing is let through", () => {
  refuses(() => verify({ "x-vapi-secret": SECRET_NEWEST }, { secrets: [] }), "misconfigured");
  refuses(() => verify({ "x-vapi-secret": SECRET_NEWEST }, { secrets: [""] }), "misconfigured");
});

Deno.test("every one-bit change of the body is refused", () => {
  const headers = { "x-signature": SECONDS_HEX, "x-timestamp": SECONDS };
  for (let bit = 0; bit < BODY.length * 8; bit++) {
    const body = BODY.slice();
    body[bit >> 3]! ^= 1 << (bit & 7);
    refuses(() => verify(headers, { body }), "unauthenticated");
  }
});

Deno.test("every one-bit change of a header is refused", async (test) => {
  const good: [string, string][] = [
    ["x-signature", SECONDS_HEX],
    ["x-signature", SECONDS_BASE64],
    ["x-signature", `sha256=${SECONDS_HEX}`],
    ["x-timestamp", SECONDS],
    ["x-vapi-secret", SECRET_NEWEST],
  ];
  for (const [name, value] of good) {
    await test.step(`${name}: ${value.slice(0, 12)}…`, () => {
      const bytes = new TextEncoder().encode(value);
      let tried = 0;
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const changed = bytes.slice();
        changed[bit >> 3]! ^= 1 << (bit & 7);
        const text = String.fromCharCode(...changed);
        // A header can't hold control characters at all, and spaces around it are no part of it.
        if (/[^\x21-\x7e]/.test(text)) continue;
        const headers = name === "x-vapi-secret"
          ? { [name]: text }
          : { "x-signature": SECONDS_HEX, "x-timestamp": SECONDS, [name]: text };
        refuses(() => verify(headers), "unauthenticated");
        tried++;
      }
      assert.ok(tried > bytes.length * 3, `${tried} changes tried`);
    });
  }
});
