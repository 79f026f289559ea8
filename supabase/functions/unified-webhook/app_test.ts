import assert from "node:assert/strict";
import { signDelivery, writeDelivery, writeMessage } from "../../../tests/support/whatsapp.ts";
import { AppError } from "../_shared/errors.ts";
import { createLoadShedder } from "../_shared/http/shed_load.ts";
import { createVapiVerifier } from "../_shared/http/verify_vapi.ts";
import { createLogger } from "../_shared/log.ts";
import type { Delivery, WebhookOrigins } from "../_shared/ports_messaging.ts";
import { parseDelivery } from "../_shared/providers/whatsapp/parse_delivery.ts";
import { createUnifiedWebhook } from "./app.ts";
import type { VapiDependencies } from "./vapi_routes.ts";
import type { WhatsappDependencies } from "./whatsapp_routes.ts";

const SECRET = "app-secret";
const body = writeDelivery("1001", { messages: [writeMessage()] });

function setUp(changes: Partial<WhatsappDependencies> = {}) {
  const stored: Delivery[] = [];
  const shedder = createLoadShedder({ limits: { whatsapp: 2, vapi: 3 } });
  const app = createUnifiedWebhook({
    logger: createLogger({ functionName: "unified-webhook", write: () => {} }),
    version: "1.2.3",
    dashboardOrigins: ["*"],
    readHealth: () =>
      Promise.resolve({
        database_size_mb: 12,
        background_jobs: {
          last_heartbeat_at: "2026-11-20T10:00:00Z",
          seconds_since_heartbeat: 20,
          queued: 0,
          oldest_queued_seconds: null,
          dead_lettered: 0,
        },
        flags_valid: true,
      }),
    whatsapp: {
      appSecrets: [SECRET, "older-secret"],
      verifyToken: "verify-token",
      findOwnSecrets: () => Promise.resolve([]),
      parseDelivery,
      submit: (delivery) => {
        stored.push(delivery);
        return Promise.resolve();
      },
      shedder,
      ...changes,
    },
    // Nothing here gets past Vapi's verification.
    vapi: {
      calls: {},
      messages: {},
      verifyVapi: createVapiVerifier({ secrets: ["vapi-secret"] }),
      agentsEnabled: true,
      clock: Date.now,
      shedder,
    } as unknown as VapiDependencies,
  });
  const post = (path: string, headers: Record<string, string>, sent = body) =>
    app.request(path, { method: "POST", body: sent, headers });
  return { app, stored, post };
}

const signed = (secret = SECRET, sent = body) => ({
  "x-hub-signature-256": signDelivery(sent, secret),
});

async function readCode(response: Response): Promise<[number, unknown]> {
  const { code } = await response.json() as { code?: string };
  return [response.status, code];
}

Deno.test("GET /health says how the function is, under both slugs", async () => {
  for (const slug of ["unified-webhook", "wa-webhook-unified"]) {
    const response = await setUp().app.request(`/${slug}/health`);
    const { status, service, version, domains } = await response.json();
    assert.deepEqual([response.status, status, service, version], [
      200,
      "healthy",
      "unified-webhook",
      "1.2.3",
    ]);
    assert.deepEqual(domains, [
      "marketplace",
      "jobs",
      "property",
      "farmer",
      "waiter",
      "insurance",
      "rides",
      "sales",
      "business_broker",
      "support",
    ]);
  }
});

Deno.test("a signed delivery is stored, then acknowledged", async (test) => {
  for (
    const path of [
      "/unified-webhook/whatsapp",
      "/unified-webhook/",
      "/wa-webhook-unified/",
    ]
  ) {
    await test.step(path, async () => {
      const { post, stored } = setUp();
      assert.equal((await post(path, signed())).status, 200);
      assert.deepEqual(stored.map(({ signed_by }) => signed_by), [null]);
    });
  }
  await test.step("under an older secret as well", async () => {
    const { post, stored } = setUp();
    assert.equal(
      (await post("/unified-webhook/whatsapp", signed("older-secret"))).status,
      200,
    );
    assert.equal(stored.length, 1);
  });
  await test.step("not before it is committed", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { post } = setUp({ submit: () => promise });
    let isAnswered = false;
    const answer = Promise.resolve(post("/unified-webhook/whatsapp", signed()))
      .then((response) => {
        isAnswered = true;
        return response;
      });
    for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
    assert.equal(isAnswered, false);
    resolve();
    assert.equal((await answer).status, 200);
  });
});

Deno.test("at the root, headers of both leave it to the body's shape", async () => {
  const { post, stored } = setUp();
  const both = {
    ...signed(),
    "x-signature": "sha256=x",
    "content-length": String(new TextEncoder().encode(body).byteLength),
  };
  assert.equal((await post("/unified-webhook/", both)).status, 200);
  assert.equal(stored.length, 1);
});

Deno.test("what isn't stored isn't acknowledged", async (test) => {
  const away = new AppError("unavailable", "Cannot store the delivery", {
    retryAfterSeconds: 5,
  });
  await test.step("the database is away", async () => {
    const response = await setUp({ submit: () => Promise.reject(away) })
      .post("/unified-webhook/whatsapp", signed());
    assert.equal(response.headers.get("retry-after"), "5");
    assert.deepEqual(await readCode(response), [503, "unavailable"]);
  });
  await test.step("no secret is configured", async () => {
    for (const appSecrets of [undefined, []]) {
      const response = await setUp({ appSecrets }).post(
        "/unified-webhook/whatsapp",
        signed(),
      );
      assert.deepEqual(await readCode(response), [500, "misconfigured"]);
    }
  });
  await test.step("too much is being done already", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { post } = setUp({ submit: () => promise });
    const taken = [1, 2].map(() => post("/unified-webhook/whatsapp", signed()));
    const refused = await post("/unified-webhook/whatsapp", signed());
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    assert.deepEqual(await readCode(refused), [503, "unavailable"]);
    const call = await post("/unified-webhook/vapi", {}, "{}");
    assert.deepEqual(
      await readCode(call),
      [401, "unauthenticated"],
      "calls are shed last",
    );
    resolve();
    assert.deepEqual((await Promise.all(taken)).map(({ status }) => status), [
      200,
      200,
    ]);
  });
});

Deno.test("nobody gets in without a signature", async (test) => {
  const whatsapp = { object: "whatsapp_business_account", entry: [] };
  const vapi = { message: { type: "status-update", status: "ended" } };
  const requests: [string, Record<string, string>, unknown][] = [
    ["/", {}, whatsapp],
    ["/", {}, vapi],
    ["/", signed("wrong"), whatsapp],
    ["/", { "x-hub-signature": "sha1=x" }, whatsapp],
    ["/", { "x-vapi-secret": "wrong" }, vapi],
    [
      "/",
      { ...signed(SECRET, JSON.stringify(vapi)), "x-vapi-secret": "wrong" },
      vapi,
    ],
    ["/whatsapp", {}, whatsapp],
    ["/whatsapp", signed("wrong"), whatsapp],
    ["/vapi", {}, vapi],
    ["/vapi", signed(SECRET, JSON.stringify(vapi)), vapi],
  ];
  for (const [path, headers, sent] of requests) {
    await test.step(`${path} ${JSON.stringify(headers).slice(0, 60)}`, async () => {
      const { post, stored } = setUp();
      const response = await post(
        `/unified-webhook${path}`,
        headers,
        JSON.stringify(sent),
      );
      assert.deepEqual(await readCode(response), [401, "unauthenticated"]);
      assert.deepEqual(stored, []);
    });
  }
});

Deno.test("an organization's own secret is tried where ours fail, for the numbers in the delivery", async () => {
  const asked: WebhookOrigins[] = [];
  const { post, stored } = setUp({
    findOwnSecrets: (origins) => {
      asked.push(origins);
      return Promise.resolve([{ org_id: "clinic", secret: "own" }]);
    },
  });
  assert.equal(
    (await post("/unified-webhook/whatsapp", signed("own"))).status,
    200,
  );
  assert.deepEqual(stored.map(({ signed_by }) => signed_by), ["clinic"]);
  assert.deepEqual(
    await readCode(await post("/unified-webhook/whatsapp", signed("wrong"))),
    [
      401,
      "unauthenticated",
    ],
  );
  await post("/unified-webhook/whatsapp", signed());
  await post("/unified-webhook/whatsapp", {
    "x-hub-signature-256": "sha256=x",
  });
  const origins = { phone_number_ids: ["1001"], business_account_ids: [] };
  assert.deepEqual(
    asked,
    [origins, origins],
    "nobody is asked for what ours verify or what is none",
  );
});

Deno.test("the handshake is answered with the bare challenge, to who knows the token", async () => {
  const ask = (query: string, changes = {}) =>
    setUp(changes).app.request(`/unified-webhook/whatsapp?${query}`);
  const good = "hub.mode=subscribe&hub.challenge=42&hub.verify_token=verify-token";
  assert.equal(await (await ask(good)).text(), "42");
  for (
    const query of [
      good.replace("verify-token", "x"),
      good.replace("subscribe", "x"),
      "",
    ]
  ) {
    assert.equal((await ask(query)).status, 403);
  }
  assert.equal((await ask(good, { verifyToken: undefined })).status, 403);
});
