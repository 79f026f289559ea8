import { equal, match, notEqual } from "node:assert/strict";
import { fingerprintSecrets } from "./fingerprint_secrets.ts";

const WHATSAPP = { access_token: "token", app_secret: "secret" };

Deno.test("fingerprintSecrets: the same secrets have the same, whatever their order", () => {
  const fingerprint = fingerprintSecrets("whatsapp", WHATSAPP);
  match(fingerprint, /^[0-9a-f]{32}$/);
  equal(
    fingerprintSecrets("whatsapp", { app_secret: "secret", access_token: "token" }),
    fingerprint,
  );
});

const OTHERS: [string, string][] = [
  ["another token", fingerprintSecrets("whatsapp", { ...WHATSAPP, access_token: "token2" })],
  ["another app secret", fingerprintSecrets("whatsapp", { ...WHATSAPP, app_secret: "secret2" })],
  ["no app secret", fingerprintSecrets("whatsapp", { ...WHATSAPP, app_secret: null })],
  [
    "a part moved over",
    fingerprintSecrets("whatsapp", { access_token: "tokens", app_secret: "ecret" }),
  ],
];
for (const [name, other] of OTHERS) {
  Deno.test(`fingerprintSecrets: ${name} has another`, () => {
    notEqual(other, fingerprintSecrets("whatsapp", WHATSAPP));
  });
}

Deno.test("fingerprintSecrets: one secret at two providers has two", () => {
  notEqual(
    fingerprintSecrets("vapi", { api_key: "same" }),
    fingerprintSecrets("twilio", { auth_token: "same" }),
  );
});
