import { deepEqual, equal, ok } from "node:assert/strict";
import { at, fieldsOf } from "../../in_memory/read_answer.ts";
import { callFunction } from "../../support/call_function.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import {
  createMember,
  createPerson,
  createTenant,
  type Tenant,
} from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import {
  clearRequests,
  injectFault,
  listRequests,
  listWrites,
  readVapi,
  saveWorkspace,
} from "../support/workspace.ts";

const sync = (tenant: Tenant, body: unknown = {}, token = tenant.owner.token) =>
  callFunction("agent-sync/sync", { token, body, headers: { "x-org-id": tenant.orgId } });
const readStatus = (tenant: Tenant, token = tenant.owner.token) =>
  callFunction("agent-sync/status", { token, headers: { "x-org-id": tenant.orgId } });

async function connectVapi(): Promise<Tenant> {
  const tenant = await createTenant();
  const body = { vapi_api_key: tenant.accounts.vapi.key };
  equal((await saveWorkspace(tenant, { body })).status, 200);
  await clearRequests("vapi", tenant.accounts.vapi.key);
  return tenant;
}

/** What the dashboard will do: the desired state moves on. */
const changePrompt = ({ orgId }: Tenant, role: string, prompt: string) =>
  queryDatabase(
    `update public.agents set system_prompt = $3, revision = revision + 1, sync_status = 'queued',
       sync_queued_at = now() where org_id = $1::text::uuid and role = $2`,
    [orgId, role, prompt],
  );

Deno.test("an unchanged sync makes no call to Vapi", async () => {
  const tenant = await connectVapi();
  const { status, body } = await sync(tenant);
  equal(status, 200);
  deepEqual([at(body, "agents.0.status"), at(body, "agents.1.status")], ["unchanged", "unchanged"]);
  deepEqual(await listRequests("vapi", tenant.accounts.vapi.key), []);
});

Deno.test("a changed prompt is pushed as the whole model, keeping tool ids, in three calls", async () => {
  const tenant = await connectVapi();
  const { key } = tenant.accounts.vapi;
  const { id } = (await readVapi(key)).assistants.find(({ metadata }) =>
    metadata.role === "inbound"
  )!;
  const vapi = `${readStack().simulators.vapi}`;
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const tool = await (await fetch(`${vapi}/tool`, {
    method: "POST",
    headers,
    body: JSON.stringify({ type: "endCall" }),
  })).json();
  const { model } = await (await fetch(`${vapi}/assistant/${id}`, { headers })).json();
  await (await fetch(`${vapi}/assistant/${id}`, {
    method: "PATCH",
    headers,
    body: JSON.stringify({ model: { ...model, toolIds: [tool.id] } }),
  })).body?.cancel();
  await clearRequests("vapi", key);

  await changePrompt(tenant, "inbound", "You speak like a pirate.");
  const { status, body } = await sync(tenant);
  equal(status, 200, JSON.stringify(body));
  equal(at(body, "agents.0.status"), "synced");
  equal(at(body, "agents.1.status"), "unchanged");
  const requests = await listRequests("vapi", key);
  deepEqual(requests.map(({ method, path }) => `${method} ${path}`), [
    `GET /assistant/${id}`,
    `PATCH /assistant/${id}`,
    `GET /assistant/${id}`,
  ]);
  const after = await (await fetch(`${vapi}/assistant/${id}`, { headers })).json();
  deepEqual(at(after, "model.toolIds"), [tool.id]);
  equal(at(after, "model.messages.0.content"), "You speak like a pirate.");
  equal(at(after, "model.provider"), model.provider);
});

Deno.test("only the roles that were asked for", async () => {
  const tenant = await connectVapi();
  await changePrompt(tenant, "inbound", "One.");
  await changePrompt(tenant, "outbound", "Two.");
  const { body } = await sync(tenant, { roles: ["outbound"] });
  deepEqual(Object.keys(at(body, "agentIds") ?? {}), ["outbound"]);
  const { body: status } = await readStatus(tenant);
  equal(at(status, "agents.0.syncStatus"), "queued");
  equal(at(status, "agents.1.syncStatus"), "synced");
});

Deno.test("a dry run names what would change and writes nothing", async () => {
  const tenant = await connectVapi();
  await changePrompt(tenant, "inbound", "Something else.");
  const { status, body } = await sync(tenant, { dry_run: true });
  equal(status, 200);
  equal(at(body, "dryRun"), true);
  equal(at(body, "agents.0.status"), "planned");
  deepEqual(at(body, "agents.0.changed"), ["model.messages.0.content"]);
  equal(at(body, "agents.1.status"), "unchanged");
  deepEqual(await listWrites("vapi", tenant.accounts.vapi.key), []);
  equal(at((await readStatus(tenant)).body, "agents.0.syncStatus"), "queued");
});

Deno.test("only a 404 makes an assistant anew; a refused key never does", async () => {
  const tenant = await connectVapi();
  const { key } = tenant.accounts.vapi;
  const before = (await readVapi(key)).assistants.map(({ id }) => id);
  await changePrompt(tenant, "inbound", "Changed.");
  {
    await using _fault = await injectFault("vapi", key, {
      path: "/assistant/*",
      mode: "status",
      status: 401,
    });
    const refused = await sync(tenant, { roles: ["inbound"] });
    equal(refused.status, 502);
    ok(String(at(refused.body, "agents.0.error")).length > 0);
  }
  deepEqual((await readVapi(key)).assistants.map(({ id }) => id), before);
  await controlSimulator("vapi", "DELETE", {
    path: `state?${new URLSearchParams({ account: key })}`,
  });
  const { status, body } = await sync(tenant, { roles: ["inbound"] });
  equal(status, 200);
  equal(before.includes(String(at(body, "agents.0.vapiAssistantId"))), false);
});

Deno.test("without a Vapi key it is a 409 that says what to connect", async () => {
  const tenant = await createTenant();
  const before = await sync(tenant);
  equal(before.status, 409);
  equal(at(before.body, "code"), "not_connected");
  const { sid, token, number } = tenant.accounts.twilio;
  await saveWorkspace(tenant, {
    body: { twilio_account_sid: sid, twilio_auth_token: token, twilio_from_number: number },
  });
  const after = await sync(tenant);
  equal(after.status, 409);
  equal(/Vapi/.test(String(at(after.body, "detail"))), true);
});

Deno.test("a failed sync is shown, and waits for the worker", async () => {
  const tenant = await connectVapi();
  const { key } = tenant.accounts.vapi;
  await changePrompt(tenant, "inbound", "Changed.");
  await using _fault = await injectFault("vapi", key, {
    path: "/assistant/*",
    method: "PATCH",
    mode: "status",
    status: 400,
  });
  equal((await sync(tenant)).status, 200);
  const { body } = await readStatus(tenant);
  equal(at(body, "agents.0.syncStatus"), "failed");
  equal(typeof at(body, "agents.0.syncError"), "string");
  equal(at(body, "agents.0.consecutiveFailures"), 1);
  equal(at(body, "queuedJobs"), 1);
});

Deno.test("bad bodies are a 400 that names the field", async () => {
  const tenant = await connectVapi();
  for (
    const [body, fields] of [
      [{ roles: ["both"] }, ["roles.0"]],
      [{ roles: [] }, ["roles"]],
      [{ dry_run: "true" }, ["dry_run"]],
      [{ dryrun: true }, ["dryrun"]],
    ] as const
  ) {
    const answer = await sync(tenant, body);
    equal(answer.status, 400);
    deepEqual(fieldsOf(answer.body), fields);
  }
});

Deno.test("who may sync and who may look", async () => {
  const tenant = await connectVapi();
  for (
    const [role, syncs, reads] of [["admin", 200, 200], ["member", 403, 200], [
      "viewer",
      403,
      200,
    ]] as const
  ) {
    const { token } = await createMember(tenant.orgId, role);
    equal((await sync(tenant, {}, token)).status, syncs, `${role} syncs`);
    equal((await readStatus(tenant, token)).status, reads, `${role} reads`);
  }
  const { token } = await createPerson("outsider");
  equal((await sync(tenant, {}, token)).status, 403);
  equal((await readStatus(tenant, token)).status, 403);
  equal((await callFunction("agent-sync/sync", { body: {} })).status, 401);
});

Deno.test("an owner of the parent organization acts in its children", async () => {
  const tenant = await connectVapi();
  const parent = await createTenant();
  await queryDatabase(
    "update public.organizations set parent_id = $2::text::uuid where id = $1::text::uuid",
    [tenant.orgId, parent.orgId],
  );
  equal((await sync(tenant, {}, parent.owner.token)).status, 200);
  equal((await sync(parent, {}, tenant.owner.token)).status, 403);
});
