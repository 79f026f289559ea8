import { deepEqual, equal, match, ok } from "node:assert/strict";
import { at, fieldsOf } from "../../in_memory/read_answer.ts";
import { callFunction } from "../../support/call_function.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import { createMember, createTenant, workspaceBody } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import {
  clearRequests,
  injectFault,
  listRequests,
  listSubscriptions,
  listWrites,
  readVapi,
  saveWorkspace,
} from "../support/workspace.ts";

Deno.test("a save connects three providers and puts both assistants in step", async () => {
  const tenant = await createTenant();
  const { vapi, twilio, whatsapp } = tenant.accounts;
  const { status, body, headers } = await saveWorkspace(tenant, {
    headers: { "x-request-id": "request-of-the-test" },
  });
  equal(status, 200, JSON.stringify(body));
  equal(headers.get("x-request-id"), "request-of-the-test");
  deepEqual(at(body, "steps"), {
    credentialsStored: true,
    vapiValidated: true,
    twilioValidated: true,
    whatsappValidated: true,
    agentsSynced: true,
    numberBound: true,
    webhookSubscribed: true,
  });
  equal(at(body, "success"), true);
  equal(at(body, "orgId"), tenant.orgId);
  equal(at(body, "requestId"), "request-of-the-test");

  const agents = await queryDatabase<{ id: string; role: string; vapi_assistant_id: string }>(
    `select id, role, vapi_assistant_id from public.agents
     where org_id = $1::text::uuid and sync_status = 'synced' order by role`,
    [tenant.orgId],
  );
  deepEqual(agents.map(({ role }) => role), ["inbound", "outbound"]);
  equal(at(body, "agentIds.inbound"), agents[0]?.id);
  equal(at(body, "agentIds.outbound"), agents[1]?.id);
  equal(at(body, "agents.0.vapiAssistantId"), agents[0]?.vapi_assistant_id);

  const state = await readVapi(vapi.key);
  deepEqual(
    state.assistants.map(({ id }) => id).toSorted(),
    agents.map(({ vapi_assistant_id }) => vapi_assistant_id).toSorted(),
  );
  deepEqual(state.assistants.map(({ metadata }) => metadata.org_id), [tenant.orgId, tenant.orgId]);
  // A draft agent does not answer by itself: our webhook decides.
  deepEqual(state.phoneNumbers.map(({ number }) => number), [twilio.number]);
  match(state.phoneNumbers[0]?.server?.url ?? "", /\/unified-webhook\/vapi$/);
  deepEqual(await listSubscriptions(whatsapp.token), [whatsapp.businessAccountId]);

  const events = await queryDatabase<{ operation: string; outcome: string }>(
    `select operation, outcome from public.operation_events
     where org_id = $1::text::uuid and request_id = 'request-of-the-test'
     order by operation`,
    [tenant.orgId],
  );
  deepEqual(events.filter(({ operation }) => operation === "workspace_save"), [
    { operation: "workspace_save", outcome: "succeeded" },
  ]);
  equal(events.filter(({ operation }) => operation === "agent_sync").length, 2);
});

Deno.test("every call to a provider is counted", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const counted = await queryDatabase<{ provider: string; calls: number }>(
    `select provider, sum(call_count)::int as calls from public.provider_call_stats
     where org_id = $1::text::uuid group by provider order by provider`,
    [tenant.orgId],
  );
  const { vapi, twilio, whatsapp } = tenant.accounts;
  deepEqual(counted, [
    { provider: "twilio", calls: (await listRequests("twilio", twilio.sid)).length },
    { provider: "vapi", calls: (await listRequests("vapi", vapi.key)).length },
    { provider: "whatsapp", calls: (await listRequests("graph", whatsapp.token)).length },
  ]);
});

Deno.test("saving the same again makes no write call to a provider", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const { vapi, whatsapp } = tenant.accounts;
  const before = await readVapi(vapi.key);
  await clearRequests("vapi", vapi.key);
  await clearRequests("graph", whatsapp.token);
  const { status, body } = await saveWorkspace(tenant);
  equal(status, 200);
  equal(at(body, "agents.0.status"), "unchanged");
  equal(at(body, "agents.1.status"), "unchanged");
  equal(at(body, "steps.numberBound"), true);
  deepEqual(await listWrites("vapi", vapi.key), []);
  deepEqual(await listWrites("graph", whatsapp.token), []);
  deepEqual(await readVapi(vapi.key), before);
});

Deno.test("a malformed body is a 400 with an entry for each bad field", async () => {
  const tenant = await createTenant();
  const { status, body, headers } = await saveWorkspace(tenant, {
    body: {
      vapi_api_key: "x",
      twilio_account_sid: "AC123",
      twilio_from_number: "555",
      whatsapp_phone_number_id: 5,
      colour: "red",
    },
  });
  equal(status, 400);
  match(headers.get("content-type") ?? "", /^application\/problem\+json/);
  equal(at(body, "code"), "invalid_input");
  deepEqual(fieldsOf(body), [
    "colour",
    "twilio_account_sid",
    "twilio_from_number",
    "vapi_api_key",
    "whatsapp_phone_number_id",
  ]);
  deepEqual(await listRequests("vapi", tenant.accounts.vapi.key), []);
});

for (
  const [name, body, headers, status] of [
    ["no field", {}, {}, 400],
    ["half a document", "{", { "content-type": "application/json" }, 400],
    ["a form", "vapi_api_key=x", { "content-type": "application/x-www-form-urlencoded" }, 415],
    [
      "too large a body",
      JSON.stringify({ vapi_api_key: "k".repeat(200_000) }),
      { "content-type": "application/json" },
      413,
    ],
  ] as const
) {
  Deno.test(`${name} is a ${status}`, async () => {
    const tenant = await createTenant();
    equal((await saveWorkspace(tenant, { body, headers })).status, status);
  });
}

Deno.test("a part of a group with nothing stored names what is missing", async () => {
  const tenant = await createTenant();
  const { status, body } = await saveWorkspace(tenant, {
    body: { twilio_from_number: tenant.accounts.twilio.number },
  });
  equal(status, 400);
  deepEqual(fieldsOf(body), ["twilio_account_sid", "twilio_auth_token"]);
});

Deno.test("what the providers refuse is a 422 per field, and nothing is stored", async () => {
  const tenant = await createTenant();
  const { status, body } = await saveWorkspace(tenant, {
    body: {
      ...workspaceBody(tenant.accounts),
      vapi_api_key: "00000000-0000-4000-8000-00000000dead",
      twilio_auth_token: "0".repeat(32),
      whatsapp_phone_number_id: "99999999",
    },
  });
  equal(status, 422);
  equal(at(body, "code"), "check_failed");
  equal(at(body, "success"), false);
  equal(at(body, "steps.credentialsStored"), false);
  deepEqual(fieldsOf(body), ["twilio_auth_token", "vapi_api_key", "whatsapp_phone_number_id"]);
  const rows = await queryDatabase(
    `select provider from public.integrations where org_id = $1::text::uuid and connected
     union all select role from public.agents where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  deepEqual(rows, []);
  // The workspace is free for the next try.
  equal((await saveWorkspace(tenant)).status, 200);
});

for (
  const [name, numbers, field, reason] of [
    ["does not own", [], "twilio_from_number", /does not own/],
    ["cannot call with", [{ voice: false }], "twilio_from_number", /voice/],
  ] as const
) {
  Deno.test(`a number that the account ${name} is a 422`, async () => {
    const tenant = await createTenant();
    const { sid, token } = tenant.accounts.twilio;
    const other = "+15005559999";
    await controlSimulator("twilio", "POST", {
      path: "accounts",
      body: {
        sid,
        token,
        friendly_name: tenant.name,
        numbers: numbers.map((number) => ({ phone_number: other, ...number })),
      },
    });
    const { status, body } = await saveWorkspace(tenant, {
      body: { twilio_account_sid: sid, twilio_auth_token: token, twilio_from_number: other },
    });
    equal(status, 422);
    deepEqual(fieldsOf(body), [field]);
    match(String(at(body, "errors.0.detail")), reason);
  });
}

Deno.test("roles: who may save, who may read", async () => {
  const tenant = await createTenant();
  await saveWorkspace(tenant);
  const headers = { "x-org-id": tenant.orgId };
  for (
    const [role, save, read] of [["admin", 200, 200], ["member", 403, 200], [
      "viewer",
      403,
      200,
    ]] as const
  ) {
    const { token } = await createMember(tenant.orgId, role);
    const body = { vapi_api_key: tenant.accounts.vapi.key };
    equal((await saveWorkspace(tenant, { token, headers, body })).status, save, `${role} saves`);
    equal((await callFunction("workspace-save", { token, headers })).status, read, `${role} reads`);
    const disconnect = await callFunction("workspace-save/whatsapp", {
      method: "DELETE",
      token,
      headers,
    });
    equal(disconnect.status, role === "admin" ? 200 : 403, `${role} disconnects`);
  }
});

Deno.test("when no agent can be synced it is a 502, and the credentials are stored", async () => {
  const tenant = await createTenant();
  const { key } = tenant.accounts.vapi;
  const body = { vapi_api_key: key };
  {
    await using _fault = await injectFault("vapi", key, {
      path: "/assistant",
      method: "POST",
      mode: "status",
      status: 400,
    });
    const answer = await saveWorkspace(tenant, { body });
    equal(answer.status, 502);
    equal(at(answer.body, "code"), "provider_failed");
    equal(at(answer.body, "success"), false);
    equal(at(answer.body, "steps.credentialsStored"), true);
    equal(at(answer.body, "agents.0.status"), "failed");
    ok(String(at(answer.body, "agents.1.error")).length > 0);
  }
  const again = await saveWorkspace(tenant, { body });
  equal(again.status, 200);
  equal((await readVapi(key)).assistants.length, 2);
});

Deno.test("one agent in step is a 200 with the other's error inside", async () => {
  const tenant = await createTenant();
  const { key } = tenant.accounts.vapi;
  await using _fault = await injectFault("vapi", key, {
    path: "/assistant",
    method: "POST",
    mode: "status",
    status: 400,
    times: 1,
  });
  const { status, body } = await saveWorkspace(tenant, { body: { vapi_api_key: key } });
  equal(status, 200);
  equal(at(body, "success"), true);
  equal(at(body, "steps.agentsSynced"), false);
  const statuses = [at(body, "agents.0.status"), at(body, "agents.1.status")];
  deepEqual(statuses.toSorted(), ["failed", "synced"]);
});

Deno.test("too many saves are a 429 that says when to come back", async () => {
  const tenant = await createTenant();
  const body = { vapi_api_key: "x" };
  const save = () => saveWorkspace(tenant, { body: { twilio_auth_token: "00000000" } });
  const began = performance.now();
  let refused = await save();
  let allowed = 0;
  for (; refused.status === 400 && allowed < 100; allowed++) refused = await save();
  equal(refused.status, 429);
  // Ten at once, and on a machine that is slow one more every six seconds.
  const granted = 10 + (performance.now() - began) / 6_000;
  ok(allowed >= 10 && allowed <= granted, `${allowed} of ${granted}`);
  ok(Number(refused.headers.get("retry-after")) >= 1);
  // A malformed body is told before anything is counted; another organization is not touched.
  equal((await saveWorkspace(tenant, { body })).status, 400);
  equal((await saveWorkspace(await createTenant())).status, 200);
});

Deno.test("an idempotency key answers the same without doing it again", async () => {
  const tenant = await createTenant();
  const headers = { "idempotency-key": "save-of-the-test" };
  const first = await saveWorkspace(tenant, { headers });
  await clearRequests("vapi", tenant.accounts.vapi.key);
  const second = await saveWorkspace(tenant, { headers });
  equal(second.status, 200);
  deepEqual(second.body, first.body);
  equal(second.headers.get("idempotency-replayed"), "true");
  deepEqual(await listRequests("vapi", tenant.accounts.vapi.key), []);

  const reused = await saveWorkspace(tenant, {
    headers,
    body: { vapi_api_key: tenant.accounts.vapi.key },
  });
  equal(reused.status, 422);
  equal(at(reused.body, "code"), "idempotency_key_reused");
});

Deno.test("an idempotency key of a failed save is free for the next try", async () => {
  const tenant = await createTenant();
  const { key } = tenant.accounts.vapi;
  const headers = { "idempotency-key": "save-of-the-test" };
  {
    await using _fault = await injectFault("vapi", key, {
      path: "/assistant",
      mode: "status",
      status: 429,
      retryAfterSeconds: 60,
    });
    const failed = await saveWorkspace(tenant, { headers });
    equal(failed.status, 502);
    equal(failed.headers.get("retry-after"), "60");
  }
  const retried = await saveWorkspace(tenant, { headers });
  equal(retried.status, 200);
  equal(retried.headers.get("idempotency-replayed"), null);
});

Deno.test("unknown methods and paths", async () => {
  const { owner } = await createTenant();
  equal((await callFunction("workspace-save", { method: "PUT", token: owner.token })).status, 405);
  equal((await callFunction("workspace-save/a/b", { token: owner.token })).status, 404);
  equal(
    (await callFunction("workspace-save/fax", { method: "DELETE", token: owner.token })).status,
    404,
  );
});
