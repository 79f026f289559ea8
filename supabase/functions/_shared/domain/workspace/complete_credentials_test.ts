import { deepEqual } from "node:assert/strict";
import { completeCredentials, type Credentials } from "./complete_credentials.ts";
import type { WorkspaceInput } from "./workspace_input.ts";

const SID = `AC${"0".repeat(32)}`;
const OTHER_SID = `AC${"1".repeat(32)}`;
const TWILIO = { account_sid: SID, auth_token: "stored-token", from_number: "+14155550100" };
const WHATSAPP = {
  phone_number_id: "100",
  business_account_id: "200",
  access_token: "stored-access",
  app_secret: "stored-secret",
};

type Case = {
  name: string;
  input: WorkspaceInput;
  stored: Credentials;
  credentials?: Credentials;
  missing?: string[];
};

const CASES: Case[] = [
  {
    name: "a Vapi key alone is whole",
    input: { vapi_api_key: "key" },
    stored: {},
    credentials: { vapi: { api_key: "key" } },
  },
  {
    name: "a whole Twilio group needs nothing stored",
    input: {
      twilio_account_sid: SID,
      twilio_auth_token: "token",
      twilio_from_number: "+14155550199",
    },
    stored: {},
    credentials: { twilio: { account_sid: SID, auth_token: "token", from_number: "+14155550199" } },
  },
  {
    name: "a part of a group with nothing stored names what is missing",
    input: { twilio_from_number: "+14155550199", whatsapp_app_secret: "secret" },
    stored: {},
    credentials: {},
    missing: [
      "twilio_account_sid",
      "twilio_auth_token",
      "whatsapp_phone_number_id",
      "whatsapp_business_account_id",
      "whatsapp_access_token",
    ],
  },
  {
    name: "another number of the stored account",
    input: { twilio_from_number: "+14155550199" },
    stored: { twilio: TWILIO },
    credentials: { twilio: { ...TWILIO, from_number: "+14155550199" } },
  },
  {
    name: "a rotated Twilio token",
    input: { twilio_auth_token: "rotated" },
    stored: { twilio: TWILIO },
    credentials: { twilio: { ...TWILIO, auth_token: "rotated" } },
  },
  {
    name: "the stored account's SID again, with a rotated token",
    input: { twilio_account_sid: SID, twilio_auth_token: "rotated" },
    stored: { twilio: TWILIO },
    credentials: { twilio: { ...TWILIO, auth_token: "rotated" } },
  },
  {
    name: "another Twilio account takes nothing of the stored one",
    input: { twilio_account_sid: OTHER_SID },
    stored: { twilio: TWILIO },
    credentials: {},
    missing: ["twilio_auth_token", "twilio_from_number"],
  },
  {
    name: "a rotated WhatsApp token keeps the app secret",
    input: { whatsapp_access_token: "rotated" },
    stored: { whatsapp: WHATSAPP },
    credentials: { whatsapp: { ...WHATSAPP, access_token: "rotated" } },
  },
  {
    name: "an app secret is forgotten with null",
    input: { whatsapp_app_secret: null },
    stored: { whatsapp: WHATSAPP },
    credentials: { whatsapp: { ...WHATSAPP, app_secret: null } },
  },
  {
    name: "another business account leaves the app secret behind",
    input: { whatsapp_phone_number_id: "101", whatsapp_business_account_id: "201" },
    stored: { whatsapp: WHATSAPP },
    credentials: {
      whatsapp: {
        ...WHATSAPP,
        phone_number_id: "101",
        business_account_id: "201",
        app_secret: null,
      },
    },
  },
  {
    name: "a provider that is not mentioned is left out",
    input: { vapi_api_key: "key" },
    stored: { twilio: TWILIO, whatsapp: WHATSAPP },
    credentials: { vapi: { api_key: "key" } },
  },
];

for (const { name, input, stored, credentials, missing = [] } of CASES) {
  Deno.test(`completeCredentials: ${name}`, () => {
    const completed = completeCredentials(input, stored);
    deepEqual(completed.credentials, credentials);
    deepEqual(completed.missing.map(({ field }) => field), missing);
  });
}
