import { deepEqual, equal, ok } from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { LOCAL_SECRETS } from "../../scripts/local/function_environment.ts";
import { openDatabase } from "../../scripts/local/open_database.ts";
import { callFunction } from "../support/call_function.ts";
import { controlSimulator } from "../support/control_simulator.ts";
import { createTenant, type Tenant, workspaceBody } from "../support/create_tenant.ts";
import { queryDatabase } from "../support/query_database.ts";
import { readStack } from "../support/read_stack.ts";
import {
  injectFault,
  resetRateLimits,
  saveWorkspace,
  waitUntil,
} from "../integration/support/workspace.ts";

const APP_SECRET = `5ec2e7${randomUUID().replaceAll("-", "").slice(6)}`;
/** What callers sent by mistake must not be kept either. */
const REFUSED = {
  vapi_api_key: randomUUID(),
  twilio_auth_token: randomUUID().replaceAll("-", ""),
  whatsapp_access_token: `EAArefused${randomUUID().replaceAll("-", "")}`,
};

/** The part of the header given to Vapi that only we can make. */
function signWebhook({ orgId }: Tenant): string {
  return createHmac("sha256", LOCAL_SECRETS.VAPI_WEBHOOK_SECRET).update(`${orgId}:1`).digest("hex");
}

/** Every route and every kind of failure that meets a secret; returns what callers were told. */
async function meetEverything(tenant: Tenant): Promise<string[]> {
  const { token } = tenant.owner;
  const { vapi, twilio, whatsapp } = tenant.accounts;
  const told: string[] = [];
  const tell = async (answer: Promise<{ status: number; text: string; headers: Headers }>) => {
    const { status, text, headers } = await answer;
    told.push(`${status} ${JSON.stringify([...headers])} ${text}`);
    await resetRateLimits(tenant.orgId);
    return status;
  };
  const body = { ...workspaceBody(tenant.accounts), whatsapp_app_secret: APP_SECRET };
  const save = (call = {}) => tell(saveWorkspace(tenant, { body, ...call }));

  equal(await save({ query: "?dry_run=true" }), 200);
  {
    await using _fault = await injectFault("vapi", vapi.key, {
      path: "/assistant",
      method: "POST",
      mode: "status",
      status: 400,
    });
    equal(await save(), 502);
  }
  // Providers that repeat what they were sent.
  const webhookSecret = `v1.${tenant.orgId}.1.${signWebhook(tenant)}`;
  const echoes = async (
    simulator: "vapi" | "twilio" | "graph",
    method: string,
    path: string,
    sent: string,
  ) =>
    await injectFault(
      simulator,
      { vapi: vapi.key, twilio: twilio.sid, graph: whatsapp.token }[simulator],
      {
        path,
        method,
        mode: "status",
        status: 400,
        body: { message: sent, statusCode: 400, code: 20_001, error: { message: sent, code: 100 } },
      },
    );
  {
    await using _fault = await echoes("vapi", "POST", "/assistant", `${vapi.key} ${webhookSecret}`);
    equal(await save(), 502);
  }
  {
    const sent = `${vapi.key} ${twilio.token} ${webhookSecret}`;
    await using _fault = await echoes("vapi", "POST", "/phone-number", sent);
    equal(await save(), 200);
    equal(await tell(callFunction("workspace-save", { token })), 200);
  }
  {
    await using _fault = await echoes("graph", "POST", "/**", `${whatsapp.token} ${APP_SECRET}`);
    equal(await save(), 200);
  }
  {
    const sent = `${twilio.token} ${btoa(`${twilio.sid}:${twilio.token}`)}`;
    await using _fault = await echoes("twilio", "GET", "/2010-04-01/**", sent);
    equal([422, 502].includes(await save()), true);
  }
  equal(await save({ headers: { "idempotency-key": "first" } }), 200);
  equal(await save({ headers: { "idempotency-key": "first" } }), 200);
  equal(await save({ body: REFUSED }), 422);
  equal(await save({ body: { ...body, twilio_from_number: "no number", extra: vapi.key } }), 400);
  equal(await save({ body: `{"vapi_api_key": "${vapi.key}"` }), 400);
  {
    await using _fault = await injectFault("graph", whatsapp.token, {
      path: "/**",
      mode: "status",
      status: 429,
      retryAfterSeconds: 60,
    });
    equal(await save(), 502);
  }
  for (const path of ["workspace-save", "agent-sync/status"]) {
    equal(await tell(callFunction(path, { token })), 200);
  }
  equal(await tell(callFunction("agent-sync/sync", { token, body: { force: true } })), 200);
  {
    await using _fault = await injectFault("vapi", vapi.key, {
      path: "/**",
      mode: "status",
      status: 401,
    });
    equal(await tell(callFunction("agent-sync/sync", { token, body: { force: true } })), 502);
    equal(await tell(callFunction("agent-sync/status", { token })), 200);
  }
  for (const method of ["DELETE", "GET"]) {
    const path = `workspace-save/${twilio.token}`;
    equal(await tell(callFunction(path, { method, token })), method === "GET" ? 405 : 404);
    equal(await tell(callFunction(`${path}/x`, { method, token })), 404);
  }
  equal(await tell(callFunction("workspace-save/whatsapp", { method: "DELETE", token })), 200);
  equal(await save(), 200);
  {
    await using _fault = await injectFault("twilio", twilio.sid, {
      path: "/2010-04-01/**",
      mode: "drop",
    });
    equal(await save(), 502);
  }
  return told;
}

/** Every row of every table, partitions included, as text. */
async function dumpDatabase(): Promise<Map<string, string>> {
  const database = openDatabase(readStack().database_url, { connections: 1 });
  try {
    const tables = await database.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_catalog.pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    const dump = new Map<string, string>();
    for (const { name } of tables) {
      const rows = await database.query<{ row: string }>(`select t::text as row from ${name} as t`);
      dump.set(name, rows.map(({ row }) => row).join("\n"));
    }
    return dump;
  } finally {
    await database.close();
  }
}

async function readLogs(): Promise<Map<string, string>> {
  const folder = join(readStack().state_folder, "logs");
  const logs = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    logs.set(name, await Deno.readTextFile(join(folder, name)));
  }
  return logs;
}

/** The same secret as it might be written elsewhere. */
function listForms(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  return [secret, encodeURIComponent(secret), base64, Buffer.from(secret).toString("hex")];
}

Deno.test("no secret is in a table, a log line, an error or an answer", async () => {
  const tenant = await createTenant();
  const { vapi, twilio, whatsapp } = tenant.accounts;
  const told = await meetEverything(tenant);
  const stack = readStack();
  {
    await using _fault = await injectFault("vapi", vapi.key, {
      path: "/**",
      mode: "status",
      status: 500,
    });
    const { status } = await callFunction("agent-sync/sync", {
      token: tenant.owner.token,
      body: { force: true },
    });
    equal(status, 502);
  }
  await controlSimulator("vapi", "DELETE", { path: "accounts", body: { key: vapi.key } });
  // First in the queue, so that what other tests left to sync is not waited for.
  await queryDatabase(
    `update public.background_jobs set available_at = now() - interval '1 day'
     where org_id = $1::text::uuid and kind = 'sync_agent' and state = 'queued'`,
    [tenant.orgId],
  );
  const requestId = randomUUID();
  await callFunction("worker/run", {
    apiKey: stack.secret_key,
    headers: { "x-request-id": requestId },
    body: { kind: "sync_agent" },
  });
  const readWorkerLog = async () => (await readLogs()).get("worker.log") ?? "";
  await waitUntil("the failed job in the worker's log", async () => {
    const lines = (await readWorkerLog()).split("\n").filter((line) => line.includes(requestId));
    return lines.some((line) => line.includes("Job failed") && line.includes(tenant.orgId));
  });

  const signed = signWebhook(tenant);
  const secrets: Record<string, string> = {
    "Vapi key": vapi.key,
    "Twilio token": twilio.token,
    "Twilio basic": `${twilio.sid}:${twilio.token}`,
    "WhatsApp token": whatsapp.token,
    "WhatsApp app secret": APP_SECRET,
    "webhook header": signed,
    "user token": tenant.owner.token,
    "webhook secret": LOCAL_SECRETS.VAPI_WEBHOOK_SECRET,
    "project secret key": stack.secret_key,
    "legacy secret": stack.legacy_jwt_secret,
    ...REFUSED,
  };
  const dump = await dumpDatabase();
  const logs = await readLogs();

  // The search sees: what is no secret is found in each place.
  ok(dump.size > 20, `${dump.size} tables`);
  ok(dump.get("public.integrations")?.includes(tenant.orgId));
  ok(dump.get("private.integration_credentials")?.includes(tenant.orgId));
  ok(
    [...dump.keys()].some((name) => name.includes("operation_events_")),
    "partitions are searched",
  );
  ok(logs.get("workspace-save.log")?.includes(tenant.orgId));
  ok(told.some((answer) => answer.includes(vapi.key.slice(-4))));

  const places: [string, string][] = [
    ...[...dump].map(([name, text]): [string, string] => [`table ${name}`, text]),
    ...[...logs].map(([name, text]): [string, string] => [`log ${name}`, text]),
    ...told.map((text, index): [string, string] => [`answer ${index}: ${text.slice(0, 80)}`, text]),
  ];
  const leaks = places.flatMap(([place, text]) =>
    Object.entries(secrets).filter(([, secret]) =>
      listForms(secret).some((form) => text.includes(form))
    ).map(([name]) => `${name} in ${place}`)
  );
  deepEqual(leaks, []);
});
