import { decodeProtectedHeader } from "jose";
import assert from "node:assert/strict";
import { AppError } from "../../errors.ts";
import { createCredentialCipher } from "./credential_cipher.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const older = { id: "2026-01", key: new Uint8Array(32).fill(1) };
const newer = { id: "2026-11", key: new Uint8Array(32).fill(2) };
const secrets = { api_key: "vapi-key-0123456789" };

function isMisconfigured(error: unknown): boolean {
  return error instanceof AppError && error.code === "misconfigured" &&
    !error.message.includes(secrets.api_key);
}

Deno.test("secrets are sealed with the first key and named after it", async () => {
  const cipher = createCredentialCipher([newer, older]);
  const sealed = await cipher.seal(ORG, "vapi", secrets);
  assert.equal(cipher.currentKeyId, "2026-11");
  assert.equal(sealed.key_id, "2026-11");
  assert.deepEqual(decodeProtectedHeader(sealed.ciphertext), {
    alg: "dir",
    enc: "A256GCM",
    kid: "2026-11",
  });
  assert.ok(!sealed.ciphertext.includes(btoa(secrets.api_key).slice(0, 12)));
  assert.deepEqual(await cipher.open(ORG, "vapi", sealed), secrets);
});

Deno.test("every provider's secrets come back as they were", async () => {
  const cipher = createCredentialCipher([newer]);
  const twilio = { auth_token: "t" };
  const whatsapp = { access_token: "EAA", app_secret: null };
  assert.deepEqual(
    await cipher.open(ORG, "twilio", await cipher.seal(ORG, "twilio", twilio)),
    twilio,
  );
  assert.deepEqual(
    await cipher.open(ORG, "whatsapp", await cipher.seal(ORG, "whatsapp", whatsapp)),
    whatsapp,
  );
});

Deno.test("the same secrets are never sealed to the same text", async () => {
  const cipher = createCredentialCipher([newer]);
  const [one, other] = [
    await cipher.seal(ORG, "vapi", secrets),
    await cipher.seal(ORG, "vapi", secrets),
  ];
  assert.notEqual(one.ciphertext, other.ciphertext);
});

Deno.test("an older key still opens what it sealed", async () => {
  const sealed = await createCredentialCipher([older]).seal(ORG, "vapi", secrets);
  const cipher = createCredentialCipher([newer, older]);
  assert.deepEqual(await cipher.open(ORG, "vapi", sealed), secrets);
  assert.equal((await cipher.seal(ORG, "vapi", secrets)).key_id, "2026-11");
});

Deno.test("a row that was copied to another organization or provider does not open", async () => {
  const cipher = createCredentialCipher([newer]);
  const sealed = await cipher.seal(ORG, "vapi", secrets);
  await assert.rejects(cipher.open(OTHER, "vapi", sealed), isMisconfigured);
  await assert.rejects(cipher.open(ORG, "twilio", sealed), isMisconfigured);
});

Deno.test("a text that was changed, cut, or sealed with an unknown key does not open", async () => {
  const cipher = createCredentialCipher([newer]);
  const { ciphertext, key_id } = await cipher.seal(ORG, "vapi", secrets);
  const [header = "", key = "", iv = "", body = "", tag = ""] = ciphertext.split(".");
  const turned = body.replace(/.$/, (last) => last === "A" ? "B" : "A").replace(
    /^./,
    (first) => first === "A" ? "B" : "A",
  );
  const CASES = [
    [header, key, iv, turned, tag].join("."),
    [header, key, iv, body].join("."),
    "",
    "plain text",
    (await createCredentialCipher([older]).seal(ORG, "vapi", secrets)).ciphertext,
    (await createCredentialCipher([{ ...older, id: newer.id }]).seal(ORG, "vapi", secrets))
      .ciphertext,
  ];
  for (const text of CASES) {
    await assert.rejects(
      cipher.open(ORG, "vapi", { ciphertext: text, key_id }),
      isMisconfigured,
      text,
    );
  }
});

Deno.test("there must be a key, and of 32 bytes", () => {
  assert.throws(() => createCredentialCipher([]), isMisconfigured);
  assert.throws(
    () => createCredentialCipher([newer, { id: "short", key: new Uint8Array(16) }]),
    isMisconfigured,
  );
});
