import assert from "node:assert/strict";
import { createTestSurroundings } from "../../../tests/in_memory/create_test_app.ts";
import { createLogger } from "../_shared/log.ts";
import { createKbSync } from "./app.ts";

const { ports, verifyUser } = createTestSurroundings();
const app = createKbSync({
  sync: {
    ports,
    verifyUser,
    waitUntil: () => {},
    functionsUrl: "https://switchboard.test",
  },
  logger: createLogger({ functionName: "kb-sync", write: () => {} }),
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
  const response = await app.request("/kb-sync/health");
  assert.equal(response.status, 200);
  const { status, service, version } = await response.json();
  assert.deepEqual([status, service, version], ["healthy", "kb-sync", "1.2.3"]);
});

Deno.test("any other path is not found", async (test) => {
  const routes: [string, string][] = [["GET", "/nothing"], ["POST", "/nothing"]];
  for (const [method, path] of routes) {
    await test.step(`${method} ${path}`, async () => {
      const response = await app.request(`/kb-sync${path}`, { method });
      assert.equal(response.status, 404);
      assert.equal((await response.json()).code, "not_found");
    });
  }
});
