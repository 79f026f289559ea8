import assert from "node:assert/strict";
import { type Answer, serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import type { ProviderError } from "../../errors.ts";
import { createPolicy } from "../resilience/create_policy.ts";
import { createTwilio } from "./create_twilio.ts";

const SID = "AC0123456789abcdef0123456789abcdef";
const TOKEN = "fedcba9876543210fedcba9876543210";

async function serveOne<T>(
  answer: Answer,
  use: (twilio: ReturnType<typeof createTwilio>) => Promise<T>,
) {
  await using server = serveAnswers(answer);
  const result = await use(createTwilio({
    baseUrl: server.url,
    secrets: { account_sid: SID, auth_token: TOKEN },
    policy: createPolicy({ attempts: 1 }),
    record: () => {},
  }));
  return { result, request: server.received[0] };
}

Deno.test("the account is read without the token that Twilio's answer holds", async () => {
  const { result, request } = await serveOne({
    status: 200,
    body: { sid: SID, status: "active", friendly_name: "Demo", auth_token: TOKEN, type: "Full" },
  }, (twilio) => twilio.readAccount());
  assert.deepEqual(result, { sid: SID, status: "active", friendly_name: "Demo" });
  assert.equal(request?.path, `/2010-04-01/Accounts/${SID}.json`);
  assert.equal(request?.headers.get("authorization"), `Basic ${btoa(`${SID}:${TOKEN}`)}`);
});

Deno.test("a number is found only where it is exactly the one", async () => {
  const list = (...numbers: unknown[]) => ({
    status: 200,
    body: { incoming_phone_numbers: numbers },
  });
  const find = (answer: Answer) => serveOne(answer, (twilio) => twilio.findNumber("+15005550100"));
  const found = await find(
    list({ phone_number: "+15005550100", capabilities: { voice: true, sms: false } }),
  );
  assert.deepEqual(found.result, { phone_number: "+15005550100", voice: true });
  assert.equal(
    found.request?.path,
    `/2010-04-01/Accounts/${SID}/IncomingPhoneNumbers.json?PhoneNumber=%2B15005550100&PageSize=1`,
  );
  assert.equal((await find(list())).result, null);
  assert.equal((await find(list({ phone_number: "+150055501001" }))).result, null);
  const silent = await find(list({ phone_number: "+15005550100" }));
  assert.equal(silent.result?.voice, false);
});

Deno.test("Twilio's code says what its refusal is", async () => {
  const CASES: [number, unknown, string, string][] = [
    [
      401,
      { code: 20003, message: "Authenticate", status: 401 },
      "unauthorized",
      "Authenticate (code 20003)",
    ],
    [
      403,
      { code: 20003, message: "Permission denied" },
      "unauthorized",
      "Permission denied (code 20003)",
    ],
    [404, { code: 20404, message: "Not found" }, "not_found", "Not found (code 20404)"],
    [429, { code: 20429, message: "Too many" }, "rate_limited", "Too many (code 20429)"],
    [400, { code: 21211, message: "Bad number" }, "refused", "Bad number (code 21211)"],
    [503, undefined, "unavailable", "it answered with status 503"],
  ];
  for (const [status, body, failure, reason] of CASES) {
    await assert.rejects(
      serveOne({ status, body }, (twilio) => twilio.readAccount()),
      (error: ProviderError) => {
        assert.deepEqual([error.failure, error.reason], [failure, reason]);
        return true;
      },
    );
  }
});

Deno.test("a refusal that repeats the credentials does not tell them", async () => {
  await assert.rejects(
    serveOne(
      { status: 401, body: { code: 20003, message: `no ${TOKEN} ${btoa(`${SID}:${TOKEN}`)}` } },
      (twilio) => twilio.readAccount(),
    ),
    (error: ProviderError) => error.reason === "no [redacted] [redacted] (code 20003)",
  );
});
