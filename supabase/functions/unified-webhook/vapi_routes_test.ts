import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createMemoryLogger } from "../../../tests/in_memory/create_memory_logger.ts";
import { AppError } from "../_shared/errors.ts";
import { createApp } from "../_shared/http/create_app.ts";
import { createLoadShedder } from "../_shared/http/shed_load.ts";
import { createVapiVerifier } from "../_shared/http/verify_vapi.ts";
import type { CallStore } from "../_shared/ports_calls.ts";
import { createCallMessages } from "../_shared/providers/vapi/create_call_messages.ts";
import { comesFromVapi, createVapiHandler } from "./vapi_routes.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const KEY = "secret";
const SIGNATURE = createHmac("sha256", KEY).update(`${ORG}:1`).digest("hex");
const SIGNED = { "x-vapi-secret": `v1.${ORG}.1.${SIGNATURE}` };
const HANG = JSON.stringify({
  message: { type: "hang", call: { id: "call-1" } },
});

function createWebhook(
  { secrets = [KEY], limit = 10, ...overrides }:
    & Partial<CallStore>
    & { secrets?: string[]; limit?: number } = {},
) {
  const unreadable: Uint8Array[] = [];
  const lines: Parameters<typeof createMemoryLogger>[0] = [];
  const calls: CallStore = {
    ingest: () => Promise.resolve({ code: "ingested", org_id: ORG, context: null }),
    recordToolCalls: () => Promise.resolve({ code: "call_unknown" }),
    recordFailedEvent: () =>
      Promise.resolve({ code: "recorded", attempts: 1, dead_lettered: false }),
    recordUnreadable: ({ body }) => Promise.resolve(void unreadable.push(body)),
    ...overrides,
  };
  const shedder = createLoadShedder({
    limits: { whatsapp: limit, vapi: limit },
  });
  const app = createApp({
    name: "unified-webhook",
    logger: createMemoryLogger(lines),
    dashboardOrigins: ["*"],
    version: "1",
  });
  app.post(
    "/vapi",
    createVapiHandler({
      calls,
      messages: createCallMessages(),
      verifyVapi: createVapiVerifier({ secrets }),
      agentsEnabled: true,
      clock: Date.now,
      searchKnowledge: () => Promise.resolve({ mode: "text", hits: [] }),
      shedder,
    }),
  );
  const send = (body: BodyInit, headers: Record<string, string> = SIGNED) =>
    app.request("/unified-webhook/vapi", { method: "POST", body, headers });
  return { send, shedder, unreadable, lines };
}

Deno.test("a signed event is stored and acknowledged", async () => {
  const response = await createWebhook().send(HANG);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {});
});

Deno.test("what is refused before anything is stored", async (test) => {
  const never: Partial<CallStore> = {
    ingest: () => Promise.reject(new Error("stored")),
    recordUnreadable: () => Promise.reject(new Error("stored")),
  };
  const cases: [
    string,
    Parameters<typeof createWebhook>[0],
    Record<string, string>,
    number,
  ][] = [
    ["not signed", never, {}, 401],
    ["signed with another key", { ...never, secrets: ["other"] }, SIGNED, 401],
    ["no key configured", { ...never, secrets: [] }, SIGNED, 500],
    ["too many at once", { ...never, limit: 0 }, SIGNED, 503],
    [
      "said to be too large",
      never,
      { ...SIGNED, "content-length": "99999999" },
      413,
    ],
  ];
  for (const [name, options, headers, status] of cases) {
    await test.step(name, async () => {
      const { send, shedder } = createWebhook(options);
      const response = await send("{", headers);
      assert.equal(response.status, status, await response.text());
      if (status === 503) {
        assert.ok(Number(response.headers.get("retry-after")) > 0);
      }
      assert.equal(shedder.inFlight(), 0);
    });
  }
});

Deno.test("a signed body that is no JSON is kept byte for byte", async () => {
  for (
    const bytes of [[], [0x7b], [0xff, 0x00, 0x7b]].map((list) => new Uint8Array(list))
  ) {
    const { send, unreadable, lines } = createWebhook();
    const response = await send(bytes);
    assert.equal(response.status, 200);
    await response.body?.cancel();
    assert.deepEqual(unreadable, [bytes]);
    assert.ok(lines.some(({ level }) => level === "CRITICAL"));
  }
});

Deno.test("what can't be stored comes again", async () => {
  const { send } = createWebhook({
    ingest: () =>
      Promise.reject(
        new AppError("unavailable", "Cannot call: no answer", {
          retryAfterSeconds: 5,
        }),
      ),
  });
  const response = await send(HANG);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "5");
  await response.body?.cancel();
});

Deno.test("at the root, Vapi is known by its headers", () => {
  for (const name of ["x-vapi-secret", "X-Vapi-Signature", "x-signature"]) {
    assert.ok(comesFromVapi(new Headers({ [name]: "x" })));
  }
  assert.ok(!comesFromVapi(new Headers({ "x-hub-signature-256": "sha256=x" })));
});
