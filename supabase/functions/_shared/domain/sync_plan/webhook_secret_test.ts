import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { buildWebhookSecret, parseWebhookSecret } from "./webhook_secret.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const sign = (text: string) => createHmac("sha256", "key").update(text).digest("hex");

Deno.test("the secret names the organization and the version, and signs both", () => {
  // printf '%s' "$ORG:3" | openssl dgst -sha256 -hmac key
  const signature = "84c39b303e38b690af697d8f2297e0c064b1d394287453ce0697554e22ac8b92";
  assert.equal(buildWebhookSecret(ORG, 3, sign), `v1.${ORG}.3.${signature}`);
});

Deno.test("what was built is read back", () => {
  assert.deepEqual(parseWebhookSecret(buildWebhookSecret(ORG, 12, sign)), {
    orgId: ORG,
    version: 12,
    signature: sign(`${ORG}:12`),
  });
});

const hex = "a".repeat(64);
const REFUSED = [
  "",
  "secret",
  `v2.${ORG}.1.${hex}`,
  `v1.${ORG}.0.${hex}`,
  `v1.${ORG}.01.${hex}`,
  `v1.${ORG}.1.${hex}a`,
  `v1.${ORG}.1.${hex.toUpperCase()}`,
  `v1.${ORG}.1.${hex} `,
  `v1.${ORG}.1.${hex}\n`,
  `v1.${ORG.slice(1)}.1.${hex}`,
  `v1.${ORG}.1`,
];
for (const value of REFUSED) {
  Deno.test(`${JSON.stringify(value)} is no webhook secret`, () => {
    assert.equal(parseWebhookSecret(value), null);
  });
}
