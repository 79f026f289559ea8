import assert from "node:assert/strict";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import type { ReadinessSnapshot } from "../ports.ts";
import { createApp } from "./create_app.ts";
import { judgeReadiness, type Readiness, type ReadinessCheck } from "./readiness.ts";
import { createSecretKeyCheck } from "./require_secret_key.ts";

const NEWEST = "20261122000100";
const good: ReadinessSnapshot = {
  schema_version: NEWEST,
  cron_lines: 21,
  vault_names: ["project_url", "worker_secret_key"],
  seconds_since_heartbeat: 12,
};
const missing = { field: "WA_VERIFY_TOKEN", detail: "is missing (answers Meta)" };

Deno.test("what a function lacks is named, and nothing that it doesn't need is asked", async (test) => {
  type Failed = Partial<Record<ReadinessCheck["name"], RegExp>>;
  const cases: [string, Partial<ReadinessSnapshot> | null, Partial<Readiness>, Failed][] = [
    ["all is there", {}, { isScheduled: true }, {}],
    ["no database", null, { isScheduled: true }, { database: /doesn't answer/ }],
    ["a secret is missing", {}, { unusable: [missing] }, {
      secrets: /^WA_VERIFY_TOKEN is missing/,
    }],
    ["an older database", { schema_version: "20261121204300" }, {}, {
      schema: /^migration 20261122000100 is needed, 20261121204300 is the last/,
    }],
    ["a newer one", { schema_version: "20261201000000" }, {}, {}],
    ["no history of migrations", { schema_version: null }, {}, { schema: /, none is the last/ }],
    ["a clock that stands, for who isn't called by it", { seconds_since_heartbeat: null }, {}, {}],
    ["no heartbeat yet", { seconds_since_heartbeat: null }, { isScheduled: true }, {
      heartbeats: /none yet/,
    }],
    ["a heartbeat in time", { seconds_since_heartbeat: 300 }, { isScheduled: true }, {}],
    ["an old one", { seconds_since_heartbeat: 301 }, { isScheduled: true }, {
      heartbeats: /301 seconds ago/,
    }],
    ["nothing scheduled", { cron_lines: 0 }, { isScheduled: true }, { cron: /no job/ }],
    ["half a vault", { vault_names: ["project_url"] }, { isScheduled: true }, {
      vault: /^it lacks worker_secret_key$/,
    }],
    ["an empty vault", { vault_names: [] }, { isScheduled: true }, {
      vault: /project_url and worker_secret_key/,
    }],
    ["no vault beside a clock", { vault_names: null }, { isScheduled: true }, { vault: /lacks/ }],
    [
      "no clock: somebody else calls",
      { cron_lines: null, vault_names: null, seconds_since_heartbeat: null },
      { isScheduled: true },
      {},
    ],
  ];
  for (const [name, changes, needs, failed] of cases) {
    await test.step(name, () => {
      const checks = judgeReadiness(
        { unusable: [], schemaVersion: NEWEST, ...needs },
        changes === null ? null : { ...good, ...changes },
      );
      const found = checks.filter(({ state }) => state === "failed");
      assert.deepEqual(found.map((check) => check.name), Object.keys(failed));
      for (const check of found) assert.match(check.detail, failed[check.name]!);
    });
  }
});

function build(readReadiness: Readiness["readReadiness"], clock = () => 0) {
  const app = createApp({
    name: "demo",
    version: "1.2.3",
    dashboardOrigins: ["*"],
    logger: createMemoryLogger(),
    clock,
    readiness: {
      readReadiness,
      requireSecretKey: createSecretKeyCheck({ secretKeys: ["sb_secret_a"] }),
      unusable: [missing],
      schemaVersion: NEWEST,
    },
  });
  return async (headers: Record<string, string> = {}) => {
    const response = await app.request("/demo/health?ready=1", { headers });
    return { status: response.status, body: await response.json() };
  };
}

Deno.test("who shows the secret key is told what is missing, others whether it is ready", async () => {
  const ask = build(() => Promise.resolve(good));
  const told = await ask({ apikey: "sb_secret_a" });
  assert.equal(told.status, 503);
  const names = told.body.checks.map(({ name, state }: ReadinessCheck) => [name, state]);
  assert.deepEqual(names, [["secrets", "failed"], ["database", "passed"], ["schema", "passed"]]);
  for (const apikey of ["", "sb_secret_b", "sb_secret_aa"]) {
    const { status, body } = await ask(apikey === "" ? {} : { apikey });
    assert.equal(status, 503);
    const { timestamp: _, uptime: __, ...rest } = body;
    assert.deepEqual(rest, { status: "down", service: "demo", version: "1.2.3", ready: false });
  }
});

Deno.test("a database that doesn't answer is a failed check, and not a failed request", async () => {
  const { status, body } = await build(() => Promise.reject(new Error("gone")))(
    { apikey: "sb_secret_a" },
  );
  assert.equal(status, 503);
  assert.equal(body.checks.at(-1).name, "database");
});

Deno.test("strangers who ask often ask the database once in five seconds", async () => {
  let [asked, now] = [0, 0];
  const ask = build(() => {
    asked += 1;
    return Promise.resolve(good);
  }, () => now);
  await Promise.all([ask(), ask(), ask()]);
  assert.equal(asked, 1);
  now = 4_999;
  await ask();
  assert.equal(asked, 1);
  now = 5_000;
  await ask();
  assert.equal(asked, 2);
  await ask({ apikey: "sb_secret_a" });
  assert.equal(asked, 3, "an operator is told what is so now");
});
