import assert from "node:assert/strict";
import type { HealthSnapshot, Logger } from "../ports.ts";
import { createHealthCheck, reportHealth } from "./health.ts";

const snapshot: HealthSnapshot = {
  database_size_mb: 12,
  background_jobs: {
    last_heartbeat_at: "2026-11-20T10:00:00Z",
    seconds_since_heartbeat: 20,
    queued: 1,
    oldest_queued_seconds: 4,
    dead_lettered: 0,
  },
  flags_valid: true,
};

function identity(clock: () => number = () => 90_500) {
  return { service: "demo", version: "1.2.3", startedAt: 0, clock };
}

function quiet(): { logger: Logger; errors: string[]; told: string[] } {
  const errors: string[] = [];
  const told: string[] = [];
  const logger: Logger = {
    debug() {},
    info: (message) => told.push(message),
    warn() {},
    error: (message) => errors.push(message),
    critical() {},
    with: () => logger,
  };
  return { logger, errors, told };
}

Deno.test("a healthy report has the documented shape", () => {
  assert.deepEqual(reportHealth(identity(), snapshot), {
    status: "healthy",
    service: "demo",
    version: "1.2.3",
    timestamp: "1970-01-01T00:01:30.500Z",
    uptime: 90,
    database_size_mb: 12,
    services: { database: "healthy", supabase: "healthy", backgroundJobs: "healthy" },
    flags_valid: true,
    background_jobs: snapshot.background_jobs,
  });
});

Deno.test("domains are named, up or down, and what is switched on where it was read", () => {
  const named = { ...identity(), domains: ["jobs", "rides"] };
  const control = {
    flags: { unifiedServiceEnabled: true },
    changed_at: "2026-11-20T10:00:00Z",
    open_alerts: { critical: 1, warning: 0, info: 0 },
    failed_alert_rules: ["slow_sync"],
  };
  assert.deepEqual(reportHealth(named, { ...snapshot, control }), {
    ...reportHealth(identity(), snapshot),
    domains: ["jobs", "rides"],
    ...control,
  });
  const down = reportHealth(named, null);
  assert.deepEqual([down.status, down.domains, down.flags], ["down", ["jobs", "rides"], undefined]);
});

Deno.test("the status follows the snapshot", async (test) => {
  const heartbeat = (seconds: number | null): HealthSnapshot => ({
    ...snapshot,
    background_jobs: { ...snapshot.background_jobs, seconds_since_heartbeat: seconds },
  });
  const cases: [string, HealthSnapshot | null, string, string, string][] = [
    ["all well", snapshot, "healthy", "healthy", "healthy"],
    ["a heartbeat at the limit", heartbeat(300), "healthy", "healthy", "healthy"],
    ["an old heartbeat", heartbeat(301), "degraded", "healthy", "degraded"],
    ["no heartbeat ever", heartbeat(null), "degraded", "healthy", "degraded"],
    ["malformed flags", { ...snapshot, flags_valid: false }, "degraded", "healthy", "healthy"],
    ["no database", null, "down", "down", "unknown"],
  ];
  for (const [name, given, status, database, backgroundJobs] of cases) {
    await test.step(name, () => {
      const report = reportHealth(identity(), given);
      assert.deepEqual(
        [report.status, report.services.database, report.services.backgroundJobs],
        [status, database, backgroundJobs],
      );
    });
  }
});

Deno.test("the store is asked once in 5 seconds, however many ask, well or not", async () => {
  const { logger, told } = quiet();
  let now = 0;
  let reads = 0;
  let fail = false;
  const check = createHealthCheck(identity(() => now), {
    readHealth: () => {
      reads += 1;
      return fail ? Promise.reject(new Error("down")) : Promise.resolve(snapshot);
    },
  });
  await Promise.all(Array.from({ length: 20 }, () => check(logger)));
  assert.equal(reads, 1);
  now = 4_999;
  const cached = await check(logger);
  assert.equal(reads, 1);
  assert.equal(cached.uptime, 4, "what the process knows of itself is never cached");
  now = 5_000;
  fail = true;
  assert.equal((await check(logger)).status, "down");
  assert.equal((await check(logger)).status, "down");
  assert.equal(reads, 2);
  now = 10_000;
  fail = false;
  assert.equal((await check(logger)).status, "healthy");
  const verified = "Health check endpoint verified";
  assert.deepEqual(told, [verified, verified], "said first, and after an outage");
});

Deno.test("a database that hangs is given up, its query aborted, the reason logged", async () => {
  const { logger, errors } = quiet();
  let signal: AbortSignal | undefined;
  const check = createHealthCheck(identity(), {
    readHealth: (options) => {
      signal = options.signal;
      return new Promise(() => {});
    },
  }, { limitMilliseconds: 5 });
  assert.equal((await check(logger)).status, "down");
  assert.equal(signal?.aborted, true);
  assert.deepEqual(errors, ["Health check failed"]);
});
