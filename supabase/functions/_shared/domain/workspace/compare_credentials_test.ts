import { deepEqual } from "node:assert/strict";
import { compareCredentials } from "./compare_credentials.ts";

const SID = `AC${"0".repeat(32)}`;
const credentials = {
  twilio: { account_sid: SID, auth_token: "token", from_number: "+14155550100" },
};
const input = {
  twilio_account_sid: SID,
  twilio_auth_token: "token",
  twilio_from_number: "+14155550100",
};
const stored = {
  connected: true,
  fingerprint: "same",
  public_config: { account_sid: SID, from_number: "+14155550100", friendly_name: "Demo" },
};

Deno.test("compareCredentials: a provider that is not connected is connected with all its fields", () => {
  const disconnected = { connected: false, fingerprint: null, public_config: {} };
  for (const twilio of [undefined, disconnected]) {
    deepEqual(
      compareCredentials(input, {
        credentials,
        fingerprints: { twilio: "same" },
        stored: twilio === undefined ? {} : { twilio },
      }),
      [{ provider: "twilio", action: "connect", fields: Object.keys(input) }],
    );
  }
});

Deno.test("compareCredentials: equal ids and fingerprint change nothing", () => {
  deepEqual(
    compareCredentials(input, {
      credentials,
      fingerprints: { twilio: "same" },
      stored: { twilio: stored },
    }),
    [{ provider: "twilio", action: "keep", fields: [] }],
  );
});

Deno.test("compareCredentials: a changed secret and a changed id are named", () => {
  deepEqual(
    compareCredentials(input, {
      credentials,
      fingerprints: { twilio: "other" },
      stored: {
        twilio: { ...stored, public_config: { account_sid: SID, from_number: "+14155550199" } },
      },
    }),
    [{ provider: "twilio", action: "change", fields: ["twilio_auth_token", "twilio_from_number"] }],
  );
});

Deno.test("compareCredentials: only what was sent can be a change", () => {
  const whatsapp = {
    phone_number_id: "100",
    business_account_id: "200",
    access_token: "token",
    app_secret: null,
  };
  deepEqual(
    compareCredentials({ whatsapp_app_secret: null }, {
      credentials: { whatsapp },
      fingerprints: { whatsapp: "without-secret" },
      stored: { whatsapp: { connected: true, fingerprint: "with-secret", public_config: {} } },
    }),
    [{ provider: "whatsapp", action: "change", fields: ["whatsapp_app_secret"] }],
  );
});
