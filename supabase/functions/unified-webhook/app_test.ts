import assert from "node:assert/strict";
import { createLogger } from "../_shared/log.ts";
import { createUnifiedWebhook } from "./app.ts";

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
});

Deno.test("GET /health says how the function is", async () => {
  const response = await app.request("/unified-webhook/health");
  assert.equal(response.status, 200);
  const { status, service, version } = await response.json();
  assert.deepEqual([status, service, version], [
    "healthy",
    "unified-webhook",
    "1.2.3",
  ]);
});

Deno.test("no delivery is acknowledged that isn't stored", async (test) => {
  const whatsapp = { object: "whatsapp_business_account", entry: [] };
  const vapi = { message: { type: "status-update", status: "ended" } };
  const handshake = "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=x";
  const deliveries: [string, string, unknown][] = [
    ["POST", "/", whatsapp],
    ["POST", "/whatsapp", whatsapp],
    ["POST", "/", vapi],
    ["POST", "/vapi", vapi],
    ["POST", "/health", vapi],
    ["GET", `/${handshake}`, null],
    ["GET", `/whatsapp${handshake}`, null],
  ];
  for (const slug of ["unified-webhook", "wa-webhook-unified"]) {
    for (const [method, path, body] of deliveries) {
      await test.step(`${method} /${slug}${path}`, async () => {
        const response = await app.request(`/${slug}${path}`, {
          method,
          ...(body === null ? {} : { body: JSON.stringify(body) }),
        });
        assert.ok(response.status >= 400, `${response.status}`);
        assert.equal(
          response.headers.get("content-type"),
          "application/problem+json",
        );
        await response.body?.cancel();
      });
    }
  }
});

Deno.test("the older slug is the same function", async () => {
  const response = await app.request("/wa-webhook-unified/health");
  assert.equal((await response.json()).service, "unified-webhook");
});
