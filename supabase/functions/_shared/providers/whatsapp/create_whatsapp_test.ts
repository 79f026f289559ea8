import assert from "node:assert/strict";
import { type Answer, serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import type { ProviderError } from "../../errors.ts";
import { createPolicy } from "../resilience/create_policy.ts";
import { createWhatsapp } from "./create_whatsapp.ts";

async function serveOne<T>(
  answer: Answer,
  use: (whatsapp: ReturnType<typeof createWhatsapp>) => Promise<T>,
) {
  await using server = serveAnswers(answer);
  const result = await use(createWhatsapp({
    baseUrl: server.url,
    version: "v26.0",
    secrets: { access_token: "EAAtoken0123456789", app_secret: null },
    policy: createPolicy({ attempts: 2, retryBaseMilliseconds: 1 }),
    record: () => {},
  }));
  return { result, received: server.received };
}

Deno.test("a number is read with the fields that a dashboard shows", async () => {
  const { result, received } = await serveOne({
    status: 200,
    body: {
      id: "1",
      display_phone_number: "+1 555 010 0001",
      verified_name: "Demo",
    },
  }, (whatsapp) => whatsapp.readPhoneNumber("1/x"));
  assert.deepEqual(result, {
    id: "1",
    display_phone_number: "+1 555 010 0001",
    verified_name: "Demo",
    quality_rating: "UNKNOWN",
  });
  assert.equal(
    received[0]?.path,
    "/v26.0/1%2Fx?fields=id%2Cdisplay_phone_number%2Cverified_name%2Cquality_rating",
  );
  assert.equal(
    received[0]?.headers.get("authorization"),
    "Bearer EAAtoken0123456789",
  );
});

Deno.test("a business account is known by its numbers", async () => {
  const { result, received } = await serveOne(
    { status: 200, body: { data: [{ id: "1" }, { id: "2" }], paging: {} } },
    (whatsapp) => whatsapp.readBusinessAccount("7"),
  );
  assert.deepEqual(result, { id: "7", phone_number_ids: ["1", "2"] });
  assert.equal(
    received[0]?.path,
    "/v26.0/7/phone_numbers?fields=id&limit=1000",
  );
});

Deno.test("an app is subscribed, seen and unsubscribed", async () => {
  const subscribed = await serveOne(
    { status: 200, body: { success: true } },
    (whatsapp) => whatsapp.subscribe("7"),
  );
  assert.deepEqual(
    subscribed.received.map(({ method, path }) => `${method} ${path}`),
    [
      "POST /v26.0/7/subscribed_apps",
    ],
  );
  const seen = await serveOne({
    status: 200,
    body: {
      data: [{
        whatsapp_business_api_data: { id: "9", name: "Ours", link: "" },
      }],
    },
  }, (whatsapp) => whatsapp.readSubscriptions("7"));
  assert.deepEqual(seen.result, [{ app_id: "9" }]);
  const left = await serveOne(
    { status: 200, body: { success: true } },
    (whatsapp) => whatsapp.unsubscribe("7"),
  );
  assert.equal(left.received[0]?.method, "DELETE");
});

Deno.test("subscribing is tried again, since doing it twice does no more", async () => {
  await using server = serveAnswers(
    { status: 500, body: {} },
    { status: 200, body: { success: true } },
  );
  await createWhatsapp({
    baseUrl: server.url,
    version: "v26.0",
    secrets: { access_token: "EAAtoken0123456789", app_secret: null },
    policy: createPolicy({ retryBaseMilliseconds: 1 }),
    record: () => {},
  }).subscribe("7");
  assert.equal(server.received.length, 2);
});

Deno.test("Meta's code says what its refusal is, whatever its status", async () => {
  const CASES: [number, number, string][] = [
    [401, 190, "unauthorized"],
    [403, 10, "unauthorized"],
    [403, 200, "unauthorized"],
    [403, 299, "unauthorized"],
    [400, 131005, "unauthorized"],
    [400, 100, "refused"],
    [400, 4, "rate_limited"],
    [400, 80007, "rate_limited"],
    [400, 130429, "rate_limited"],
    [400, 131056, "rate_limited"],
    [400, 2, "unavailable"],
    [500, 131000, "unavailable"],
    [400, 131026, "refused"],
    [404, 12345, "not_found"],
  ];
  for (const [status, code, failure] of CASES) {
    const body = {
      error: {
        message: "No",
        type: "OAuthException",
        code,
        error_data: { details: "why" },
      },
    };
    await assert.rejects(
      serveOne({ status, body }, (whatsapp) => whatsapp.readPhoneNumber("1")),
      (error: ProviderError) => {
        assert.deepEqual([error.failure, error.reason], [
          failure,
          `No: why (code ${code})`,
        ]);
        return true;
      },
    );
  }
});
