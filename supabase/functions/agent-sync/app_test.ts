import { deepEqual, equal } from "node:assert/strict";
import { integrationKey } from "../../../tests/in_memory/create_memory.ts";
import {
  CLINIC,
  createTestSurroundings,
  GOOD_BODY,
  send,
  USERS,
} from "../../../tests/in_memory/create_test_app.ts";
import { at, fieldsOf } from "../../../tests/in_memory/read_answer.ts";
import { createAgent } from "../../../tests/in_memory/create_workspace_store.ts";
import { ProviderError } from "../_shared/errors.ts";
import { createAgentSync } from "./app.ts";

async function setUp({ connected = true } = {}) {
  const surroundings = createTestSurroundings();
  const { memory, options, ports, verifyUser } = surroundings;
  const app = createAgentSync({ ...options, ports, verifyUser });
  for (const role of ["inbound", "outbound"] as const) {
    memory.agents.set(role, createAgent(CLINIC, role));
  }
  if (connected) {
    memory.integrations.set(integrationKey(CLINIC, "vapi"), {
      org_id: CLINIC,
      provider: "vapi",
      connected: true,
      fingerprint: "fingerprint",
      last_four: "inic",
      public_config: {},
      revision: 1,
      ...await ports.cipher.seal(CLINIC, "vapi", {
        api_key: GOOD_BODY.vapi_api_key,
      }),
    });
  }
  const account = surroundings.world.vapiAccounts.get(GOOD_BODY.vapi_api_key)!;
  return { ...surroundings, app, account };
}

const unavailable = () => new ProviderError("vapi", "unavailable", "it is down", { status: 500 });

Deno.test("agent-sync: a sync makes both assistants, a second one none and asks nothing", async () => {
  const { app, account, world } = await setUp();
  const first = await send(app, "POST /agent-sync/sync", { body: {} });
  equal(first.status, 200);
  equal(at(first.body, "success"), true);
  equal(at(first.body, "orgId"), CLINIC);
  deepEqual([
    at(first.body, "agents.0.status"),
    at(first.body, "agents.1.status"),
  ], ["synced", "synced"]);
  equal(account.assistants.size, 2);
  equal(at(first.body, "requestId"), first.headers.get("x-request-id"));

  world.calls.length = 0;
  const second = await send(app, "POST /agent-sync/sync", { body: {} });
  equal(second.status, 200);
  equal(at(second.body, "agents.0.status"), "unchanged");
  deepEqual(world.calls, []);
});

Deno.test("agent-sync: a request without a body syncs everything", async () => {
  const { app, account } = await setUp();
  equal((await send(app, "POST /agent-sync/sync")).status, 200);
  equal(account.assistants.size, 2);
});

Deno.test("agent-sync: only the roles that were asked for", async () => {
  const { app, account } = await setUp();
  const answer = await send(app, "POST /agent-sync/sync", {
    body: { roles: ["outbound"] },
  });
  equal(answer.status, 200);
  deepEqual(Object.keys(at(answer.body, "agentIds") ?? {}), ["outbound"]);
  equal(account.assistants.size, 1);
});

Deno.test("agent-sync: a dry run tells what would change and changes nothing", async () => {
  const { app, account, memory } = await setUp();
  const answer = await send(app, "POST /agent-sync/sync", {
    body: { dry_run: true },
  });
  equal(answer.status, 200);
  equal(at(answer.body, "agents.0.status"), "planned");
  equal(account.assistants.size, 0);
  equal(memory.agents.get("inbound")?.sync_status, "queued");
});

Deno.test("agent-sync: force looks at Vapi although nothing changed here", async () => {
  const { app, account } = await setUp();
  await send(app, "POST /agent-sync/sync", { body: {} });
  const [id, assistant] = [...account.assistants][0]!;
  account.assistants.set(id, { ...assistant, firstMessage: "edited at Vapi" });
  const answer = await send(app, "POST /agent-sync/sync", {
    body: { force: true },
  });
  equal(answer.status, 200);
  equal(account.assistants.get(id)?.firstMessage, assistant.firstMessage);
});

Deno.test("agent-sync: when no agent gets through the answer is a 502 with each one's error", async () => {
  const { app, world, memory } = await setUp();
  world.faults.set("vapi.createAssistant", unavailable);
  const answer = await send(app, "POST /agent-sync/sync", { body: {} });
  equal(answer.status, 502);
  equal(at(answer.body, "code"), "provider_failed");
  equal(at(answer.body, "success"), false);
  equal(at(answer.body, "agents.0.status"), "failed");
  equal(/it is down/.test(String(at(answer.body, "agents.1.error"))), true);
  equal(memory.agents.get("inbound")?.sync_status, "failed");
});

Deno.test("agent-sync: one of two is a success with the other's error inside", async () => {
  const { app, world } = await setUp();
  await send(app, "POST /agent-sync/sync", { body: { roles: ["inbound"] } });
  world.faults.set("vapi.createAssistant", unavailable);
  const answer = await send(app, "POST /agent-sync/sync", { body: {} });
  equal(answer.status, 200);
  equal(at(answer.body, "agents.0.status"), "unchanged");
  equal(at(answer.body, "agents.1.status"), "failed");
  equal(/it is down/.test(String(at(answer.body, "agents.1.error"))), true);
});

Deno.test("agent-sync: without a Vapi key there is nothing to sync with", async () => {
  const { app } = await setUp({ connected: false });
  const answer = await send(app, "POST /agent-sync/sync", { body: {} });
  equal(answer.status, 409);
  equal(at(answer.body, "code"), "not_connected");
});

Deno.test("agent-sync: before the first save there are no agents", async () => {
  const { app, memory } = await setUp();
  memory.agents.clear();
  const answer = await send(app, "POST /agent-sync/sync", { body: {} });
  equal(answer.status, 409);
  equal(at(answer.body, "code"), "not_connected");
});

const BAD_BODIES: { name: string; body: unknown; fields: string[] }[] = [
  { name: "an unknown role", body: { roles: ["both"] }, fields: ["roles.0"] },
  { name: "no role", body: { roles: [] }, fields: ["roles"] },
  {
    name: "a dry run that is not a boolean",
    body: { dry_run: "yes" },
    fields: ["dry_run"],
  },
  { name: "an unknown field", body: { agents: [] }, fields: ["agents"] },
  { name: "a list", body: [], fields: [""] },
  { name: "half a document", body: "{", fields: [] },
];
for (const { name, body, fields } of BAD_BODIES) {
  Deno.test(`agent-sync: ${name} is a 400`, async () => {
    const { app, world } = await setUp();
    const answer = await send(app, "POST /agent-sync/sync", { body });
    equal(answer.status, 400);
    deepEqual(fieldsOf(answer.body), fields);
    deepEqual(world.calls, []);
  });
}

for (
  const request of ["POST /agent-sync/sync?dry_run=true", "GET /agent-sync/status?dry_run=true"]
) {
  Deno.test(`agent-sync: ${request} is refused: nothing is taken from the query`, async () => {
    const { app, world } = await setUp();
    const answer = await send(app, request, request.startsWith("POST") ? { body: {} } : {});
    equal(answer.status, 400);
    deepEqual(fieldsOf(answer.body), ["dry_run"]);
    deepEqual(world.calls, []);
  });
}

const ROLES: { as: string | null; sync: number; status: number }[] = [
  { as: USERS.owner, sync: 200, status: 200 },
  { as: USERS.admin, sync: 200, status: 200 },
  { as: USERS.member, sync: 403, status: 200 },
  { as: USERS.viewer, sync: 403, status: 200 },
  { as: USERS.outsider, sync: 403, status: 403 },
  { as: USERS.marketOwner, sync: 403, status: 403 },
  { as: null, sync: 401, status: 401 },
];
for (const { as, sync, status } of ROLES) {
  Deno.test(`agent-sync: ${as ?? "nobody"} syncs with ${sync} and reads with ${status}`, async () => {
    const { app } = await setUp();
    const headers = { "x-org-id": CLINIC };
    equal(
      (await send(app, "POST /agent-sync/sync", { as, headers, body: {} }))
        .status,
      sync,
    );
    equal(
      (await send(app, "GET /agent-sync/status", { as, headers })).status,
      status,
    );
  });
}

Deno.test("agent-sync: the status says how each agent stands", async () => {
  const { app } = await setUp();
  await send(app, "POST /agent-sync/sync", { body: { roles: ["inbound"] } });
  const { body } = await send(app, "GET /agent-sync/status", {
    as: USERS.viewer,
  });
  equal(at(body, "orgId"), CLINIC);
  equal(at(body, "agents.0.role"), "inbound");
  equal(at(body, "agents.0.syncStatus"), "synced");
  equal(at(body, "agents.1.syncStatus"), "queued");
  equal(at(body, "queuedJobs"), 0);
});

Deno.test("agent-sync: an idempotency key replays the answer without another sync", async () => {
  const { app, world } = await setUp();
  const headers = { "idempotency-key": "sync-1" };
  const first = await send(app, "POST /agent-sync/sync", { headers, body: {} });
  world.calls.length = 0;
  const second = await send(app, "POST /agent-sync/sync", {
    headers,
    body: {},
  });
  deepEqual(second.body, first.body);
  equal(second.headers.get("idempotency-replayed"), "true");
  const other = await send(app, "POST /agent-sync/sync", {
    headers,
    body: { force: true },
  });
  equal(other.status, 422);
  deepEqual(world.calls, []);
});

Deno.test("agent-sync: too many syncs are told when to come back", async () => {
  const { app } = await setUp();
  let answer = await send(app, "POST /agent-sync/sync", { body: {} });
  for (let count = 0; count < 10; count++) {
    answer = await send(app, "POST /agent-sync/sync", { body: {} });
  }
  equal(answer.status, 429);
  equal(Number(answer.headers.get("retry-after")) >= 1, true);
});
