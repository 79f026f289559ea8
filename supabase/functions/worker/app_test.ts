import { deepEqual, equal } from "node:assert/strict";
import { createAgent } from "../../../tests/in_memory/create_workspace_store.ts";
import {
  CLINIC,
  createTestSurroundings,
  GOOD_BODY,
  MARKET,
  send,
} from "../../../tests/in_memory/create_test_app.ts";
import { at, fieldsOf } from "../../../tests/in_memory/read_answer.ts";
import { ProviderError } from "../_shared/errors.ts";
import { createSecretKeyCheck } from "../_shared/http/require_secret_key.ts";
import type { JobKind } from "../_shared/ports.ts";
import { createWorker } from "./app.ts";

const HEADERS = { apikey: "sb_secret_test" };

function setUp(clock?: () => number) {
  const surroundings = createTestSurroundings(clock);
  const { options, ports, memory } = surroundings;
  const background: Promise<unknown>[] = [];
  const app = createWorker({
    ...options,
    ports,
    requireSecretKey: createSecretKeyCheck({ secretKeys: ["sb_secret_test"] }),
    waitUntil: (work) => void background.push(work),
  });
  const run = async (kind: JobKind) => {
    const answer = await send(app, "POST /worker/run", {
      as: null,
      headers: HEADERS,
      body: { kind },
    });
    await Promise.all(background);
    return answer;
  };
  /** What a workspace save leaves of one integration. */
  const connect = async (
    orgId: string,
    provider: "vapi" | "twilio",
    checkedHoursAgo = 48,
  ) => {
    const sealed = provider === "vapi"
      ? await ports.cipher.seal(orgId, "vapi", {
        api_key: GOOD_BODY.vapi_api_key,
      })
      : await ports.cipher.seal(orgId, "twilio", {
        auth_token: GOOD_BODY.twilio_auth_token,
      });
    memory.integrations.set(`${orgId}/${provider}`, {
      org_id: orgId,
      provider,
      connected: true,
      fingerprint: `${provider}-fingerprint`,
      last_four: "0000",
      public_config: provider === "vapi" ? {} : {
        account_sid: GOOD_BODY.twilio_account_sid,
        from_number: GOOD_BODY.twilio_from_number,
        friendly_name: "Demo",
      },
      revision: 1,
      last_error: null,
      last_checked_at: new Date(memory.clock() - checkedHoursAgo * 3_600_000)
        .toISOString(),
      ...sealed,
    });
  };
  return { ...surroundings, app, background, run, connect };
}

Deno.test("worker: without the secret key nothing runs", async () => {
  const { app, background } = setUp();
  for (
    const headers of [{}, { apikey: "sb_publishable_test" }, {
      apikey: "sb_secret_tess",
    }]
  ) {
    const answer = await send(app, "POST /worker/run", {
      as: null,
      headers,
      body: { kind: "expire_rows" },
    });
    equal(answer.status, 401);
  }
  equal(background.length, 0);
});

Deno.test("worker: an unknown kind is refused by name", async () => {
  const { app, background } = setUp();
  for (const body of [{ kind: "make_coffee" }, {}, { kind: ["sync_agent"] }]) {
    const answer = await send(app, "POST /worker/run", {
      as: null,
      headers: HEADERS,
      body,
    });
    equal(answer.status, 400);
    deepEqual(fieldsOf(answer.body), ["kind"]);
  }
  equal(background.length, 0);
});

Deno.test("worker: a run is accepted at once and works afterwards", async () => {
  const { app, background, memory, connect, ports } = setUp();
  await connect(CLINIC, "vapi");
  memory.agents.set("a", createAgent(CLINIC, "inbound"));
  const gate = Promise.withResolvers<void>();
  const { claimJobs } = ports.jobs;
  ports.jobs.claimJobs = async (input) => {
    await gate.promise;
    return await claimJobs(input);
  };
  const answer = await send(app, "POST /worker/run", {
    as: null,
    headers: HEADERS,
    body: { kind: "sync_agent" },
  });
  equal(answer.status, 202);
  equal(at(answer.body, "accepted"), true);
  equal(at(answer.body, "kind"), "sync_agent");
  equal(memory.agents.get("a")?.sync_status, "queued");
  gate.resolve();
  await Promise.all(background);
  equal(memory.agents.get("a")?.sync_status, "synced");
});

Deno.test("worker: sync_agent syncs what is not in step, in every organization", async () => {
  const { run, memory, connect } = setUp();
  for (const [id, orgId] of [["a", CLINIC], ["b", MARKET]] as const) {
    await connect(orgId, "vapi");
    memory.agents.set(id, createAgent(orgId, "inbound"));
  }
  equal((await run("sync_agent")).status, 202);
  deepEqual([...memory.agents.values()].map((agent) => agent.sync_status), [
    "synced",
    "synced",
  ]);
  deepEqual(memory.jobs.map((job) => job.state), ["completed", "completed"]);
  deepEqual(memory.heartbeats.map(({ phase }) => phase), [
    "started",
    "completed",
  ]);
});

Deno.test("worker: a sync that fails is tried again later, not at once", async () => {
  const { run, memory, connect, world } = setUp();
  await connect(CLINIC, "vapi");
  memory.agents.set("a", createAgent(CLINIC, "inbound"));
  world.faults.set(
    "vapi.*",
    () => new ProviderError("vapi", "unavailable", "it is down"),
  );
  await run("sync_agent");
  equal(memory.agents.get("a")?.sync_status, "failed");
  equal(memory.jobs.length, 1);
  equal(memory.jobs[0]?.state, "queued");
  equal(memory.jobs[0]?.attempts, 1);
  equal(/it is down/.test(memory.jobs[0]?.error ?? ""), true);
  equal((memory.jobs[0]?.due_at ?? 0) > Date.now(), true);
});

Deno.test("worker: push_workspace binds the number that a save could not, then leaves it alone", async () => {
  let now = Date.now();
  const { run, memory, connect, world } = setUp(() => now);
  await connect(CLINIC, "vapi");
  await connect(CLINIC, "twilio");
  const { numbers } = world.vapiAccounts.get(GOOD_BODY.vapi_api_key)!;
  const row = memory.integrations.get(`${CLINIC}/vapi`);
  world.faults.set(
    "vapi.importPhoneNumber",
    () => new ProviderError("vapi", "unavailable", "it is down"),
  );
  await run("push_workspace");
  equal(numbers.size, 0);
  equal(row?.public_config.push_error, "it is down");
  equal(memory.jobs[0]?.state, "queued");
  equal(/vapi: it is down/.test(memory.jobs[0]?.error ?? ""), true);

  world.faults.clear();
  now += 3_600_000;
  await run("push_workspace");
  equal(numbers.size, 1);
  equal(row?.public_config.push_error, undefined);
  equal(
    at(row?.public_config ?? {}, "number.key_fingerprint"),
    "vapi-fingerprint",
  );
  deepEqual(memory.jobs.map(({ state }) => state), ["completed"]);
  deepEqual(
    memory.events.map(({ operation, outcome }) => `${operation} ${outcome}`),
    ["workspace_push failed", "workspace_push succeeded"],
  );

  await run("push_workspace");
  equal(memory.jobs.length, 1);
});

Deno.test("worker: push_workspace leaves a workspace to whoever is changing it", async () => {
  const { run, memory, connect, ports, world } = setUp();
  await connect(CLINIC, "vapi");
  await connect(CLINIC, "twilio");
  await ports.workspace.beginWorkspaceSave({
    org_id: CLINIC,
    user_id: "somebody",
    request_id: "save",
    lease_seconds: 60,
  });
  await run("push_workspace");
  deepEqual(world.calls, []);
  deepEqual(memory.jobs.map(({ state }) => state), ["completed"]);
});

Deno.test("worker: push_workspace gives up loudly on credentials that no key opens", async () => {
  const { run, memory, connect } = setUp();
  await connect(CLINIC, "vapi");
  await connect(CLINIC, "twilio");
  Object.assign(memory.integrations.get(`${CLINIC}/vapi`)!, {
    ciphertext: "of another key",
  });
  await run("push_workspace");
  equal(memory.jobs[0]?.state, "queued");
  equal(
    /credentials of vapi cannot be opened/.test(memory.jobs[0]?.error ?? ""),
    true,
  );
});

Deno.test("worker: credentials that died raise an alert, and lower it when they live again", async () => {
  let now = Date.now();
  const { run, memory, connect, world } = setUp(() => now);
  await connect(CLINIC, "vapi");
  await connect(CLINIC, "twilio", 1);
  const account = world.vapiAccounts.get(GOOD_BODY.vapi_api_key)!;
  world.vapiAccounts.delete(GOOD_BODY.vapi_api_key);
  await run("verify_credentials");
  const row = memory.integrations.get(`${CLINIC}/vapi`);
  equal(/Invalid credentials/.test(row?.last_error ?? ""), true);
  deepEqual([...memory.alerts.keys()], [`credential_failed/${CLINIC}/vapi`]);
  // What was checked an hour ago is not due.
  equal(world.calls.some((call) => call.startsWith("twilio")), false);

  now += 25 * 3_600_000;
  world.vapiAccounts.set(GOOD_BODY.vapi_api_key, account);
  await run("verify_credentials");
  equal(row?.last_error, null);
  deepEqual([...memory.alerts.keys()], []);
});

Deno.test("worker: a provider that is down says nothing about the credentials", async () => {
  const { run, memory, connect, world } = setUp();
  await connect(CLINIC, "vapi");
  world.faults.set(
    "vapi.*",
    () =>
      new ProviderError("vapi", "rate_limited", "slow down", {
        retryAfterSeconds: 77,
      }),
  );
  const before = Date.now();
  await run("verify_credentials");
  equal(memory.integrations.get(`${CLINIC}/vapi`)?.last_error, null);
  equal(memory.alerts.size, 0);
  equal(memory.jobs[0]?.state, "queued");
  const wait = (memory.jobs[0]?.due_at ?? 0) - before;
  equal(wait >= 77_000 && wait < 87_000, true, `waits ${wait} ms`);
});

Deno.test("worker: expire_rows deletes what is over", async () => {
  const { run, memory } = setUp();
  memory.idempotency.set("over", {
    request_hash: "",
    status: 200,
    body: {},
    claimed: false,
  });
  memory.idempotency.set("claimed", {
    request_hash: "",
    status: null,
    body: null,
    claimed: true,
  });
  await run("expire_rows");
  deepEqual([...memory.idempotency.keys()], ["claimed"]);
});

Deno.test("worker: two runs at the same time do each job once", async () => {
  const { app, background, memory, connect, world } = setUp();
  await connect(CLINIC, "vapi");
  await connect(MARKET, "vapi");
  await Promise.all(
    [1, 2, 3].map(() =>
      send(app, "POST /worker/run", {
        as: null,
        headers: HEADERS,
        body: { kind: "verify_credentials" },
      })
    ),
  );
  await Promise.all(background);
  equal(world.calls.filter((call) => call === "vapi.verifyKey").length, 2);
  deepEqual(memory.jobs.map((job) => job.attempts), [1, 1]);
});

Deno.test("worker: a job of a dead worker is claimed again when its lease is over", async () => {
  let now = Date.now();
  const { run, memory, connect, ports, world } = setUp(() => now);
  await connect(CLINIC, "vapi");
  await ports.jobs.queueDueJobs({ kind: "verify_credentials" });
  await ports.jobs.claimJobs({
    kind: "verify_credentials",
    limit: 1,
    lease_seconds: 60,
    worker_id: "dead",
  });
  await run("verify_credentials");
  equal(world.calls.length, 0);
  now += 61_000;
  await run("verify_credentials");
  equal(world.calls.length, 1);
  equal(memory.jobs[0]?.state, "completed");
});

Deno.test("worker: a failing store ends the run with a heartbeat and a log line, not a crash", async () => {
  const { run, ports, memory, lines } = setUp();
  ports.jobs.claimJobs = () => Promise.reject(new Error("the database is away"));
  equal((await run("sync_agent")).status, 202);
  deepEqual(memory.heartbeats.map(({ phase }) => phase), ["started", "failed"]);
  equal(
    lines.some(({ level, message }) => level === "ERROR" && message === "Worker run failed"),
    true,
  );
});

Deno.test("worker: health and unknown paths", async () => {
  const { app } = setUp();
  equal(
    at((await send(app, "GET /worker/health", { as: null })).body, "status"),
    "healthy",
  );
  equal((await send(app, "GET /worker/run", { as: null })).status, 405);
  equal((await send(app, "POST /worker/jobs", { as: null })).status, 404);
});
