import { deepEqual, equal, match, ok } from "node:assert/strict";
import { at, fieldsOf } from "../../in_memory/read_answer.ts";
import { callFunction } from "../../support/call_function.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import { createTenant, type Tenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import {
  clearRequests,
  injectFault,
  listRequests,
  readVapi,
  saveWorkspace,
  waitUntil,
} from "../support/workspace.ts";

/** Posts a run as the schedule does, and waits for its last heartbeat. */
async function run(kind: string): Promise<void> {
  const requestId = crypto.randomUUID();
  const answer = await callFunction("worker/run", {
    apiKey: readStack().secret_key,
    headers: { "x-request-id": requestId },
    body: { kind },
  });
  equal(answer.status, 202, answer.text);
  await waitUntil(`the end of the run of "${kind}"`, async () => {
    const [beat] = await queryDatabase<{ phase: string }>(
      "select phase from public.worker_heartbeats where kind = $1 and request_id = $2",
      [kind, requestId],
    );
    return beat?.phase === "completed";
  });
}

const readJobs = ({ orgId }: Tenant, kind: string) =>
  queryDatabase<{ state: string; attempts: number; last_error: string | null }>(
    `select state, attempts, last_error from public.background_jobs
     where org_id = $1::text::uuid and kind = $2`,
    [orgId, kind],
  );
const readAgents = async ({ orgId }: Tenant) =>
  (await queryDatabase<{ sync_status: string }>(
    "select sync_status from public.agents where org_id = $1::text::uuid order by role",
    [orgId],
  )).map(({ sync_status }) => sync_status);
/** As if the backoff of the organization's jobs had passed. */
const endBackoff = ({ orgId }: Tenant) =>
  queryDatabase(
    `update public.background_jobs set available_at = now()
     where org_id = $1::text::uuid and state = 'queued'`,
    [orgId],
  );
/** As if the credentials had been looked at long ago. */
const ageChecks = ({ orgId }: Tenant) =>
  queryDatabase(
    `update public.integrations set last_checked_at = now() - interval '2 days'
     where org_id = $1::text::uuid`,
    [orgId],
  );

Deno.test("only the secret key runs jobs", async () => {
  const { owner } = await createTenant();
  const { publishable_key } = readStack();
  for (const call of [{}, { token: owner.token }, { apiKey: publishable_key }, { apiKey: "" }]) {
    equal(
      (await callFunction("worker/run", { ...call, body: { kind: "expire_rows" } })).status,
      401,
    );
  }
});

Deno.test("an unknown kind is a 400 that names the known ones", async () => {
  const answer = await callFunction("worker/run", {
    apiKey: readStack().secret_key,
    body: { kind: "make_coffee" },
  });
  equal(answer.status, 400);
  deepEqual(fieldsOf(answer.body), ["kind"]);
  match(String(at(answer.body, "errors.0.detail")), /sync_agent/);
});

Deno.test("a failed sync is retried until it succeeds", async () => {
  const tenant = await createTenant();
  const { key } = tenant.accounts.vapi;
  {
    await using _fault = await injectFault("vapi", key, {
      path: "/assistant",
      method: "POST",
      mode: "status",
      status: 400,
    });
    equal((await saveWorkspace(tenant, { body: { vapi_api_key: key } })).status, 502);
    deepEqual(await readAgents(tenant), ["failed", "failed"]);
    deepEqual((await readJobs(tenant, "sync_agent")).map(({ state }) => state), [
      "queued",
      "queued",
    ]);
    // Its backoff is not over: nothing is tried.
    await clearRequests("vapi", key);
    await run("sync_agent");
    deepEqual(await listRequests("vapi", key), []);

    await endBackoff(tenant);
    await run("sync_agent");
    deepEqual(await readAgents(tenant), ["failed", "failed"]);
    for (const job of await readJobs(tenant, "sync_agent")) {
      equal(job.state, "queued");
      equal(job.attempts, 1);
      equal(typeof job.last_error, "string");
    }
  }
  await endBackoff(tenant);
  await run("sync_agent");
  deepEqual(await readAgents(tenant), ["synced", "synced"]);
  deepEqual((await readJobs(tenant, "sync_agent")).map(({ state }) => state), [
    "completed",
    "completed",
  ]);
  equal((await readVapi(key)).assistants.length, 2);
});

Deno.test("several runs at once do each job once", async () => {
  const tenants = await Promise.all(Array.from({ length: 4 }, () => createTenant()));
  for (const tenant of tenants) {
    const { key } = tenant.accounts.vapi;
    await saveWorkspace(tenant, { body: { vapi_api_key: key } });
    await ageChecks(tenant);
    await clearRequests("vapi", key);
  }
  await Promise.all([1, 2, 3].map(() =>
    callFunction("worker/run", {
      apiKey: readStack().secret_key,
      body: { kind: "verify_credentials" },
    })
  ));
  await waitUntil(
    "every check",
    async () =>
      (await Promise.all(tenants.map((tenant) => readJobs(tenant, "verify_credentials")))).flat()
        .filter(({ state }) => state === "completed").length === tenants.length,
  );
  for (const tenant of tenants) {
    const requests = await listRequests("vapi", tenant.accounts.vapi.key);
    deepEqual(requests.map(({ method, path }) => `${method} ${path}`), ["GET /assistant"]);
    deepEqual((await readJobs(tenant, "verify_credentials")).map(({ attempts }) => attempts), [1]);
  }
});

Deno.test("a token that died raises an alert, and a good one lowers it", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const { vapi, twilio } = tenant.accounts;
  const readAlerts = () =>
    queryDatabase<{ rule: string; dedupe_key: string; open: boolean }>(
      `select rule, dedupe_key, state <> 'resolved' as open from public.alerts
       where org_id = $1::text::uuid and rule = 'credential_failed'`,
      [tenant.orgId],
    );
  const readErrors = async () =>
    Object.fromEntries(
      (await queryDatabase<{ provider: string; last_error: string | null }>(
        "select provider, last_error from public.integrations where org_id = $1::text::uuid",
        [tenant.orgId],
      )).map(({ provider, last_error }) => [provider, last_error]),
    );

  await ageChecks(tenant);
  await controlSimulator("vapi", "DELETE", { path: "accounts", body: { key: vapi.key } });
  await run("verify_credentials");
  const errors = await readErrors();
  equal(typeof errors.vapi, "string");
  equal(errors.twilio, null);
  equal(errors.whatsapp, null);
  equal(errors.vapi?.includes(vapi.key), false);
  deepEqual(await readAlerts(), [{ rule: "credential_failed", dedupe_key: "vapi", open: true }]);
  const status = await callFunction("workspace-save", { token: tenant.owner.token });
  equal(at(status.body, "integrations.vapi.lastError"), errors.vapi);

  await controlSimulator("vapi", "POST", { path: "accounts", body: vapi });
  await ageChecks(tenant);
  await run("verify_credentials");
  equal((await readErrors()).vapi, null);
  equal((await readAlerts())[0]?.open, false);

  // What was looked at a moment ago is not due.
  await clearRequests("twilio", twilio.sid);
  await run("verify_credentials");
  deepEqual(await listRequests("twilio", twilio.sid), []);
});

Deno.test("a provider that is down says nothing about the credentials", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  await ageChecks(tenant);
  await using _fault = await injectFault("twilio", tenant.accounts.twilio.sid, {
    path: "/2010-04-01/**",
    mode: "status",
    status: 503,
  });
  await run("verify_credentials");
  const [row] = await queryDatabase<{ last_error: string | null }>(
    `select last_error from public.integrations
     where org_id = $1::text::uuid and provider = 'twilio'`,
    [tenant.orgId],
  );
  equal(row?.last_error, null);
  const waiting = (await readJobs(tenant, "verify_credentials")).filter(({ state }) =>
    state === "queued"
  );
  equal(waiting.length, 1);
  const counted = await queryDatabase<{ outcome: string; calls: number }>(
    `select outcome, sum(call_count)::int as calls from public.provider_call_stats
     where org_id = $1::text::uuid and provider = 'twilio' group by outcome order by outcome`,
    [tenant.orgId],
  );
  equal(counted.find(({ outcome }) => outcome === "succeeded")?.calls, 2);
  ok((counted.find(({ outcome }) => outcome === "failed")?.calls ?? 0) >= 2);
});

Deno.test("what is over is deleted, and what is not stays", async () => {
  const tenant = await createTenant();
  const body = { vapi_api_key: tenant.accounts.vapi.key };
  for (const key of ["old", "new"]) {
    await saveWorkspace(tenant, { body, headers: { "idempotency-key": key } });
  }
  await queryDatabase(
    `update public.idempotency_keys set expires_at = now() - interval '1 second'
     where org_id = $1::text::uuid and key = 'old'`,
    [tenant.orgId],
  );
  await queryDatabase(
    `update public.rate_limits set refilled_at = now() - interval '1 day'
     where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  await run("expire_rows");
  const keys = await queryDatabase<{ key: string }>(
    "select key from public.idempotency_keys where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  deepEqual(keys, [{ key: "new" }]);
  const buckets = await queryDatabase(
    "select operation from public.rate_limits where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  deepEqual(buckets, []);
});

Deno.test("health knows the worker's heartbeat", async () => {
  await run("expire_rows");
  const health = await callFunction("worker/health");
  equal(health.status, 200);
  equal(at(health.body, "services.backgroundJobs"), "healthy");
  equal(at(health.body, "services.database"), "healthy");
});
