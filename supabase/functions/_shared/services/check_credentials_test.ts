import { deepEqual, equal } from "node:assert/strict";
import {
  createFakeConnect,
  createFakeProviders,
} from "../../../../tests/in_memory/create_fake_connect.ts";
import {
  createMemoryLogger,
  type LogLine,
} from "../../../../tests/in_memory/create_memory_logger.ts";
import type { Credentials } from "../domain/workspace/complete_credentials.ts";
import { ProviderError } from "../errors.ts";
import type { ProviderCall } from "../ports.ts";
import { checkCredentials } from "./check_credentials.ts";

const SID = `AC${"0".repeat(32)}`;
const NUMBER = "+14155550100";
const GOOD = {
  vapi: { api_key: "good-vapi-key" },
  twilio: { account_sid: SID, auth_token: "good-token", from_number: NUMBER },
  whatsapp: {
    phone_number_id: "100",
    business_account_id: "200",
    access_token: "good-access",
    app_secret: null,
  },
} satisfies Credentials;

function setUp() {
  const world = createFakeProviders();
  world.vapiAccounts.set("good-vapi-key", { assistants: new Map(), numbers: new Map() });
  world.twilioAccounts.set(`${SID}:good-token`, {
    status: "active",
    numbers: new Map([[NUMBER, { voice: true }], ["+14155550111", { voice: false }]]),
  });
  world.twilioAccounts.set(`${SID}:suspended`, {
    status: "suspended",
    numbers: new Map([[NUMBER, { voice: true }]]),
  });
  world.whatsappTokens.set("good-access", new Map([["200", ["100"]], ["201", ["101"]]]));
  const lines: LogLine[] = [];
  const calls: ProviderCall[] = [];
  const check = (credentials: Credentials) =>
    checkCredentials({
      connect: createFakeConnect(world),
      record: (call) => calls.push(call),
      logger: createMemoryLogger(lines),
    }, credentials);
  return { world, lines, calls, check };
}

Deno.test("checkCredentials asks every provider at once and counts the calls", async () => {
  const { world, lines, calls, check } = setUp();
  const work = check(GOOD);
  // All five began before any was answered.
  equal(world.calls.length, 5);
  const outcomes = await work;
  deepEqual(outcomes.vapi, { outcome: "passed", public_config: {} });
  deepEqual(outcomes.twilio, {
    outcome: "passed",
    public_config: { account_sid: SID, from_number: NUMBER, friendly_name: "Demo account" },
  });
  equal(outcomes.whatsapp?.outcome, "passed");
  equal(calls.length, 5);
  const messages = lines.map(({ message }) => message);
  for (
    const message of [
      "Validating Vapi API key",
      "Vapi API key validated",
      "Validating Twilio credentials",
      "Twilio credentials validated",
    ]
  ) equal(messages.filter((line) => line === message).length, 1, message);
});

Deno.test("checkCredentials asks only the providers it was given", async () => {
  const { world, check } = setUp();
  deepEqual(Object.keys(await check({ vapi: GOOD.vapi })), ["vapi"]);
  deepEqual(world.calls, ["vapi.verifyKey"]);
});

const REFUSED: {
  name: string;
  credentials: Credentials;
  fields: string[];
  reason: RegExp;
}[] = [
  {
    name: "a bad Vapi key",
    credentials: { vapi: { api_key: "bad" } },
    fields: ["vapi_api_key"],
    reason: /Invalid credentials/,
  },
  {
    name: "a bad Twilio token, once although two calls fail",
    credentials: { twilio: { ...GOOD.twilio, auth_token: "bad" } },
    fields: ["twilio_auth_token"],
    reason: /Invalid credentials/,
  },
  {
    name: "a suspended Twilio account",
    credentials: { twilio: { ...GOOD.twilio, auth_token: "suspended" } },
    fields: ["twilio_account_sid"],
    reason: /suspended, not active/,
  },
  {
    name: "a number of somebody else",
    credentials: { twilio: { ...GOOD.twilio, from_number: "+14155550999" } },
    fields: ["twilio_from_number"],
    reason: /does not own "\+14155550999"/,
  },
  {
    name: "a suspended account and a number it does not own",
    credentials: {
      twilio: { account_sid: SID, auth_token: "suspended", from_number: "+14155550999" },
    },
    fields: ["twilio_account_sid", "twilio_from_number"],
    reason: /suspended/,
  },
  {
    name: "a number without voice",
    credentials: { twilio: { ...GOOD.twilio, from_number: "+14155550111" } },
    fields: ["twilio_from_number"],
    reason: /without the voice capability/,
  },
  {
    name: "a bad WhatsApp token, once although two calls fail",
    credentials: { whatsapp: { ...GOOD.whatsapp, access_token: "bad" } },
    fields: ["whatsapp_access_token"],
    reason: /Invalid credentials/,
  },
  {
    name: "unknown WhatsApp ids, each by its field",
    credentials: {
      whatsapp: { ...GOOD.whatsapp, phone_number_id: "999", business_account_id: "998" },
    },
    fields: ["whatsapp_phone_number_id", "whatsapp_business_account_id"],
    reason: /Unsupported get request/,
  },
  {
    name: "a number of another business account",
    credentials: { whatsapp: { ...GOOD.whatsapp, business_account_id: "201" } },
    fields: ["whatsapp_phone_number_id"],
    reason: /does not belong to the business account/,
  },
];

for (const { name, credentials, fields, reason } of REFUSED) {
  Deno.test(`checkCredentials names ${name}`, async () => {
    const [outcome] = Object.values(await setUp().check(credentials));
    equal(outcome?.outcome, "failed");
    const errors = outcome?.outcome === "failed" ? outcome.errors : [];
    deepEqual(errors.map(({ field }) => field), fields);
    equal(reason.test(errors[0]?.detail ?? ""), true, errors[0]?.detail);
  });
}

for (
  const failure of ["unavailable", "timed_out", "rate_limited", "invalid_response"] as const
) {
  Deno.test(`checkCredentials blames nobody for a provider that is ${failure}`, async () => {
    const { world, check } = setUp();
    for (const provider of ["vapi", "twilio", "whatsapp"]) {
      world.faults.set(`${provider}.*`, () => new ProviderError(provider, failure, "no verdict"));
    }
    const outcomes = Object.values(await check(GOOD));
    deepEqual(outcomes.map(({ outcome }) => outcome), Array(3).fill("unreachable"));
  });
}

Deno.test("checkCredentials prefers a refusal to a missing verdict", async () => {
  const { world, check } = setUp();
  world.faults.set(
    "twilio.readAccount",
    () => new ProviderError("twilio", "timed_out", "no answer"),
  );
  const outcomes = await check({ twilio: { ...GOOD.twilio, from_number: "+14155550999" } });
  equal(outcomes.twilio?.outcome, "failed");
});

Deno.test("checkCredentials lets a programming error through", async () => {
  const { world, check } = setUp();
  world.faults.set("vapi.verifyKey", () => new TypeError("a bug") as never);
  await check({ vapi: GOOD.vapi }).then(
    () => equal("resolved", "rejected"),
    (error) => equal(error.message, "a bug"),
  );
});
