import { deepEqual, equal } from "node:assert/strict";
import {
  CLINIC,
  createTestSurroundings,
  GOOD_BODY,
  MARKET,
  send,
  SID,
  USERS,
} from "../../../tests/in_memory/create_test_app.ts";
import { at, fieldsOf } from "../../../tests/in_memory/read_answer.ts";
import { integrationKey } from "../../../tests/in_memory/create_memory.ts";
import { AppError, ProviderError } from "../_shared/errors.ts";
import { createWorkspaceSave } from "./app.ts";

const VAPI = { vapi_api_key: GOOD_BODY.vapi_api_key };
const OTHER_KEY = "vapi-key-of-another-account";

function setUp(
  { tierEnabled = true, clock }: {
    tierEnabled?: boolean;
    clock?: () => number;
  } = {},
) {
  const surroundings = createTestSurroundings(clock);
  const { options, ports, verifyUser } = surroundings;
  const app = createWorkspaceSave({ ...options, ports, verifyUser, tierEnabled });
  const save = (body: unknown, options: Parameters<typeof send>[2] = {}) =>
    send(app, "POST /workspace-save", { body, ...options });
  const integration = (provider: "vapi" | "twilio" | "whatsapp") =>
    surroundings.memory.integrations.get(integrationKey(CLINIC, provider));
  const account = surroundings.world.vapiAccounts.get(GOOD_BODY.vapi_api_key)!;
  return { ...surroundings, app, save, integration, account };
}

const failing = (provider: string, failure: ProviderError["failure"]) => () =>
  new ProviderError(provider, failure, "it is down", {
    status: failure === "timed_out" ? null : 500,
  });
const writesToVapi = (calls: string[]) =>
  calls.filter((call) => /^vapi\.(create|update|import|delete)/.test(call));

Deno.test("workspace-save: all three providers, both agents, the number and the webhook", async () => {
  const { save, account, world, memory, lines } = setUp();
  const { status, body, headers } = await save(GOOD_BODY);
  equal(status, 200, JSON.stringify(body));
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
  equal(at(body, "orgId"), CLINIC);
  equal(at(body, "requestId"), headers.get("x-request-id"));
  equal(at(body, "warnings"), undefined);
  equal(account.assistants.size, 2);
  equal(account.numbers.size, 1);
  equal(world.subscriptions.has("200000001"), true);
  for (const [index, role] of ["inbound", "outbound"].entries()) {
    const agent = [...memory.agents.values()].find((row) => row.role === role);
    equal(at(body, `agentIds.${role}`), agent?.id);
    equal(at(body, `agents.${index}.role`), role);
    equal(at(body, `agents.${index}.status`), "synced");
    equal(at(body, `agents.${index}.vapiAssistantId`), agent?.vapi_assistant_id);
  }
  deepEqual(
    memory.events.filter(({ operation }) => operation === "workspace_save").map(
      (event) => event.outcome,
    ),
    ["succeeded"],
  );

  const expected = [
    "Workspace save request received",
    "Validating Vapi API key",
    "Vapi API key validated",
    "Validating Twilio credentials",
    "Twilio credentials validated",
    "Workspace credentials stored",
    "Agent created",
    "Agent sync attempt",
    "All agents synced to Vapi",
    "Agent sync verification",
  ];
  for (const message of expected) {
    const line = lines.find((candidate) => candidate.message === message);
    equal(line?.fields.org_id, CLINIC, `${message}: org_id`);
    equal(line?.fields.request_id, at(body, "requestId"), `${message}: request_id`);
  }
});

Deno.test("workspace-save: saving the same again writes nothing to Vapi", async () => {
  const { save, world, account, lines, integration } = setUp();
  await save(GOOD_BODY);
  const configs = () =>
    structuredClone([integration("vapi")?.public_config, integration("whatsapp")?.public_config]);
  const known = configs();
  const before = structuredClone([...account.assistants]);
  world.calls.length = 0;
  lines.length = 0;
  const { status, body } = await save(GOOD_BODY);
  equal(status, 200);
  equal(at(body, "agents.0.status"), "unchanged");
  equal(at(body, "steps.agentsSynced"), true);
  equal(at(body, "steps.numberBound"), true);
  equal(at(body, "steps.webhookSubscribed"), true);
  deepEqual(writesToVapi(world.calls), []);
  equal(world.calls.includes("whatsapp.subscribe"), false);
  deepEqual([...account.assistants], before);
  // The binding and the subscription are still known, so that they can be undone.
  deepEqual(configs(), known);
  equal(lines.filter(({ message }) => message === "Agent found").length, 2);
});

Deno.test("workspace-save: a provider that is not mentioned keeps its credentials", async () => {
  const { save, integration } = setUp();
  await save(GOOD_BODY);
  const before = structuredClone(integration("twilio"));
  const { status } = await save(VAPI);
  equal(status, 200);
  deepEqual(integration("twilio"), before);
  equal(integration("whatsapp")?.connected, true);
});

Deno.test("workspace-save: providers one after the other end where all at once do", async () => {
  const { save, account, world } = setUp();
  const { vapi_api_key, ...others } = GOOD_BODY;
  const first = await save(others);
  equal(first.status, 200);
  equal(at(first.body, "steps.agentsSynced"), false);
  equal(at(first.body, "agents.0.status"), "not_connected");
  equal(at(first.body, "steps.webhookSubscribed"), true);
  const second = await save({ vapi_api_key });
  equal(second.status, 200);
  equal(at(second.body, "steps.numberBound"), true);
  equal(at(second.body, "steps.webhookSubscribed"), true);
  equal(account.assistants.size, 2);
  equal(account.numbers.size, 1);
  equal(world.subscriptions.size, 1);
});

Deno.test("workspace-save: a number alone is completed with the stored account", async () => {
  const { save, integration, account } = setUp();
  await save(GOOD_BODY);
  const { status, body } = await save({ twilio_from_number: "+15005550101" });
  equal(status, 200, JSON.stringify(body));
  equal(integration("twilio")?.public_config.from_number, "+15005550101");
  deepEqual([...account.numbers.values()].map(({ number }) => number), ["+15005550101"]);
});

Deno.test("workspace-save: a part of a group with nothing stored names the missing fields", async () => {
  const { save, memory } = setUp();
  const { status, body } = await save({ twilio_from_number: "+15005550101" });
  equal(status, 400);
  deepEqual(fieldsOf(body), ["twilio_account_sid", "twilio_auth_token"]);
  equal(memory.leases.size, 0);
  equal(memory.events[0]?.outcome, "refused");
});

Deno.test("workspace-save: every malformed field is named at once, and nothing is asked", async () => {
  const { save, world, memory } = setUp();
  const { status, body, headers } = await save({
    vapi_api_key: "x",
    twilio_account_sid: "AC1",
    whatsapp_phone_number_id: 7,
    vapi_key: "unknown",
  });
  equal(status, 400);
  equal(headers.get("content-type"), "application/problem+json");
  equal(at(body, "code"), "invalid_input");
  deepEqual(fieldsOf(body), [
    "twilio_account_sid",
    "vapi_api_key",
    "vapi_key",
    "whatsapp_phone_number_id",
  ]);
  deepEqual(world.calls, []);
  equal(memory.events.length, 0);
});

for (
  const [name, body, status, headers] of [
    ["no field", {}, 400, {}],
    ["a list", [], 400, {}],
    ["half a document", "{", 400, {}],
    ["another type", "vapi_api_key=1", 415, { "content-type": "text/plain" }],
    ["too much", JSON.stringify({ vapi_api_key: "k".repeat(100_000) }), 413, {}],
  ] as const
) {
  Deno.test(`workspace-save: ${name} is a ${status}`, async () => {
    equal((await setUp().save(body, { headers })).status, status);
  });
}

Deno.test("workspace-save: a refused check names each field, stores nothing and keeps the good key", async () => {
  const { save, integration, account, memory } = setUp();
  await save(VAPI);
  const before = structuredClone(integration("vapi"));
  const agents = structuredClone([...memory.agents]);
  const { status, body } = await save({
    ...GOOD_BODY,
    vapi_api_key: "a-bad-vapi-key",
    twilio_from_number: "+15005550111",
    whatsapp_access_token: "a-bad-access-token",
  });
  equal(status, 422);
  equal(at(body, "code"), "check_failed");
  equal(at(body, "success"), false);
  equal(at(body, "steps.credentialsStored"), false);
  deepEqual(fieldsOf(body), ["twilio_from_number", "vapi_api_key", "whatsapp_access_token"]);
  equal(/Invalid credentials/.test(JSON.stringify(at(body, "errors"))), true);
  deepEqual(integration("vapi"), before);
  equal(integration("twilio"), undefined);
  deepEqual([...memory.agents], agents);
  equal(account.assistants.size, 2);
  equal(memory.leases.size, 0);
});

Deno.test("workspace-save: what passed is told beside what failed", async () => {
  const { save } = setUp();
  const { body } = await save({ ...GOOD_BODY, twilio_auth_token: "a-bad-token" });
  equal(at(body, "steps.vapiValidated"), true);
  equal(at(body, "steps.twilioValidated"), false);
  deepEqual(fieldsOf(body), ["twilio_auth_token"]);
});

for (
  const failure of ["unavailable", "timed_out", "rate_limited", "invalid_response"] as const
) {
  Deno.test(`workspace-save: a provider ${failure} at the check is nobody's mistake`, async () => {
    const { save, world, integration, memory } = setUp();
    world.faults.set("twilio.*", failing("twilio", failure));
    const { status, body } = await save(GOOD_BODY);
    equal(status, 502);
    equal(at(body, "code"), "provider_failed");
    equal(at(body, "unreachable.0.provider"), "twilio");
    equal(at(body, "errors"), undefined);
    equal(integration("vapi"), undefined);
    equal(memory.leases.size, 0);
  });
}

Deno.test("workspace-save: when no agent can be synced it is a 502, and the credentials are stored", async () => {
  const { save, world, integration, memory } = setUp();
  world.faults.set("vapi.createAssistant", failing("vapi", "unavailable"));
  const { status, body } = await save(VAPI);
  equal(status, 502);
  equal(at(body, "code"), "provider_failed");
  equal(at(body, "success"), false);
  equal(at(body, "steps.credentialsStored"), true);
  equal(at(body, "steps.agentsSynced"), false);
  equal(at(body, "agents.1.status"), "failed");
  equal(/it is down/.test(String(at(body, "agents.0.error"))), true);
  equal(integration("vapi")?.connected, true);
  equal(memory.leases.size, 0);

  world.faults.clear();
  equal((await save(VAPI)).status, 200);
});

Deno.test("workspace-save: one agent in step is a 200 with the other's error inside", async () => {
  const { save, world, memory, account } = setUp();
  await save(VAPI);
  const outbound = [...memory.agents.values()].find(({ role }) => role === "outbound")!;
  account.assistants.delete(outbound.vapi_assistant_id!);
  outbound.vapi_assistant_id = null;
  outbound.applied_hash = null;
  world.faults.set("vapi.createAssistant", failing("vapi", "unavailable"));
  const { status, body } = await save(VAPI);
  equal(status, 200);
  equal(at(body, "success"), true);
  equal(at(body, "agents.0.status"), "unchanged");
  equal(at(body, "agents.1.status"), "failed");
  equal(at(body, "steps.agentsSynced"), false);
});

Deno.test("workspace-save: what could not be bound or subscribed is a warning, repeated by the next save", async () => {
  const { save, world } = setUp();
  world.faults.set("vapi.importPhoneNumber", failing("vapi", "unavailable"));
  world.faults.set("whatsapp.subscribe", failing("whatsapp", "unavailable"));
  const first = await save(GOOD_BODY);
  equal(first.status, 200);
  equal(at(first.body, "steps.numberBound"), false);
  equal(at(first.body, "steps.webhookSubscribed"), false);
  equal(at(first.body, "warnings.0.step"), "numberBound");
  equal(at(first.body, "warnings.1.step"), "webhookSubscribed");
  world.faults.clear();
  const second = await save(VAPI);
  equal(at(second.body, "steps.numberBound"), true);
  equal(at(second.body, "steps.webhookSubscribed"), true);
});

Deno.test("workspace-save: another account's key rebuilds both assistants there", async () => {
  const { save, world, memory, account } = setUp();
  await save(GOOD_BODY);
  const old = [...account.assistants.keys()];
  const { status, body } = await save({ vapi_api_key: OTHER_KEY });
  equal(status, 200, JSON.stringify(body));
  const other = world.vapiAccounts.get(OTHER_KEY)!;
  equal(other.assistants.size, 2);
  equal(other.numbers.size, 1);
  equal(account.numbers.size, 0);
  for (const agent of memory.agents.values()) {
    equal(old.includes(agent.vapi_assistant_id ?? ""), false);
    equal(other.assistants.has(agent.vapi_assistant_id ?? ""), true);
  }
});

Deno.test("workspace-save: a dry run checks and plans, stores and pushes nothing", async () => {
  const { app, world, memory } = setUp();
  const { status, body } = await send(
    app,
    "POST /workspace-save?dry_run=true",
    { body: GOOD_BODY },
  );
  equal(status, 200, JSON.stringify(body));
  equal(at(body, "dryRun"), true);
  equal(at(body, "steps.vapiValidated"), true);
  equal(at(body, "steps.credentialsStored"), false);
  equal(at(body, "agents.0.status"), "planned");
  equal(at(body, "changes.credentials.0.action"), "connect");
  equal(at(body, "changes.number.action"), "imported");
  equal(at(body, "changes.webhook.action"), "subscribed");
  deepEqual(writesToVapi(world.calls), []);
  equal(world.subscriptions.size, 0);
  equal(memory.integrations.size, 0);
  equal(memory.agents.size, 0);
  equal(memory.leases.size, 0);
});

Deno.test("workspace-save: a dry run with another account's key plans with that key", async () => {
  const { app, save, world, memory } = setUp();
  await save(GOOD_BODY);
  world.calls.length = 0;
  const before = structuredClone([...memory.agents]);
  const answer = await send(app, "POST /workspace-save?dry_run=true", {
    body: { vapi_api_key: OTHER_KEY },
  });
  equal(answer.status, 200);
  equal(at(answer.body, "agents.0.status"), "planned");
  deepEqual(at(answer.body, "changes.credentials.0"), {
    provider: "vapi",
    action: "change",
    fields: ["vapi_api_key"],
  });
  deepEqual(writesToVapi(world.calls), []);
  deepEqual([...memory.agents], before);

  const same = await send(app, "POST /workspace-save?dry_run=true", { body: GOOD_BODY });
  equal(at(same.body, "agents.0.status"), "unchanged");
  equal(at(same.body, "changes.number.action"), "unchanged");
  equal(at(same.body, "changes.webhook.action"), "unchanged");
  equal(at(same.body, "changes.credentials.0.action"), "keep");
});

Deno.test("workspace-save: a dry run tells what a save would take back, and counts its calls", async () => {
  const { app, save, world, ports, account, memory } = setUp();
  await save(GOOD_BODY);
  const plan = async (body: unknown) => {
    const answer = await send(app, "POST /workspace-save?dry_run=true", { body });
    equal(answer.status, 200, JSON.stringify(answer.body));
    return at(answer.body, "changes.releases");
  };
  const number = { provider: "vapi", number: GOOD_BODY.twilio_from_number };
  deepEqual(await plan(GOOD_BODY), []);
  deepEqual(await plan({ twilio_from_number: "+15005550101" }), [
    { ...number, account: "current", action: "deleted" },
  ]);
  deepEqual(
    await plan({
      whatsapp_business_account_id: "200000002",
      whatsapp_phone_number_id: "100000002",
    }),
    [
      { provider: "whatsapp", businessAccountId: "200000001", action: "unsubscribed" },
    ],
  );

  const { finishWorkspaceSave } = ports.workspace;
  const counted: string[] = [];
  ports.workspace.finishWorkspaceSave = (input) => {
    counted.push(...input.provider_calls.map(({ operation }) => operation));
    return finishWorkspaceSave(input);
  };
  world.calls.length = 0;
  deepEqual(await plan({ vapi_api_key: OTHER_KEY }), [
    { ...number, account: "previous", action: "deleted" },
  ]);
  deepEqual(
    counted.toSorted(),
    world.calls.map((call) => call.slice(call.indexOf(".") + 1)).toSorted(),
  );
  equal(counted.includes("getAssistant"), true);

  world.vapiAccounts.delete(GOOD_BODY.vapi_api_key);
  deepEqual(await plan({ vapi_api_key: OTHER_KEY }), [
    { ...number, account: "previous", error: "Invalid credentials" },
  ]);
  deepEqual(writesToVapi(world.calls), []);
  equal(account.numbers.size, 1);
  deepEqual([...world.subscriptions], ["200000001"]);
  equal(memory.leases.size, 0);
});

const BAD_QUERIES = [
  ["POST /workspace-save?dryRun=true", "dryRun"],
  ["POST /workspace-save?dry_run=true&dry_run=false", "dry_run"],
  ["POST /workspace-save?dry_run=true&froce=1", "froce"],
  ["DELETE /workspace-save/vapi?dry_run=true", "dry_run"],
  ["DELETE /workspace-save/vapi?force=false&force=true", "force"],
  ["GET /workspace-save?orgId=x", "orgId"],
] as const;
for (const [request, field] of BAD_QUERIES) {
  Deno.test(`workspace-save: ${request} is refused and does nothing`, async () => {
    const { app, save, world, integration } = setUp();
    await save(VAPI);
    world.calls.length = 0;
    const answer = await send(app, request, request.startsWith("POST") ? { body: GOOD_BODY } : {});
    equal(answer.status, 400);
    deepEqual(fieldsOf(answer.body), [field]);
    deepEqual(world.calls, []);
    equal(integration("vapi")?.connected, true);
    equal(integration("twilio"), undefined);
  });
}

Deno.test("workspace-save: a dry run still refuses what a save would", async () => {
  const { app } = setUp();
  const { status, body } = await send(
    app,
    "POST /workspace-save?dry_run=true",
    { body: { vapi_api_key: "a-bad-vapi-key" } },
  );
  equal(status, 422);
  deepEqual(fieldsOf(body), ["vapi_api_key"]);
  equal(
    (await send(app, "POST /workspace-save?dry_run=maybe", { body: VAPI }))
      .status,
    400,
  );
});

Deno.test("workspace-save: a number or an account of another organization is refused without naming it", async () => {
  const { app, save, integration } = setUp();
  equal((await save(GOOD_BODY)).status, 200);
  const { vapi_api_key: _, ...others } = GOOD_BODY;
  const whatsapp = Object.fromEntries(
    Object.entries(others).filter(([name]) => name.startsWith("whatsapp")),
  );
  const twilio = Object.fromEntries(
    Object.entries(others).filter(([name]) => name.startsWith("twilio")),
  );
  for (
    const [body, field] of [[twilio, "twilio_from_number"], [
      whatsapp,
      "whatsapp_phone_number_id",
    ]] as const
  ) {
    const dry = await send(app, "POST /workspace-save?dry_run=true", {
      body,
      as: USERS.marketOwner,
    });
    equal(dry.status, 422);
    const answer = await save(body, { as: USERS.marketOwner });
    equal(answer.status, 422);
    deepEqual(fieldsOf(answer.body), [field]);
    const text = JSON.stringify(answer.body);
    equal(text.includes(CLINIC) || text.includes("Demo Clinic"), false);
  }
  equal(integration("twilio")?.connected, true);
});

Deno.test("workspace-save: a workspace being saved at this moment is a 409 that says when to come back", async () => {
  const { save, account } = setUp();
  const answers = await Promise.all([save(GOOD_BODY), save(GOOD_BODY)]);
  deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409]);
  const busy = answers.find(({ status }) => status === 409)!;
  equal(at(busy.body, "code"), "conflict");
  equal(Number(busy.headers.get("retry-after")) >= 1, true);
  equal(account.assistants.size, 2);
});

Deno.test("workspace-save: the lease of a dead process runs out", async () => {
  let now = Date.now();
  const { save, ports } = setUp({ clock: () => now });
  await ports.workspace.beginWorkspaceSave({
    org_id: CLINIC,
    user_id: USERS.owner,
    request_id: "dead",
    lease_seconds: 120,
  });
  equal((await save(VAPI)).status, 409);
  now += 121_000;
  equal((await save(VAPI)).status, 200);
});

Deno.test("workspace-save: a save that lost its lease stores nothing", async () => {
  const { save, ports, memory } = setUp();
  const { storeWorkspace } = ports.workspace;
  ports.workspace.storeWorkspace = (input) => {
    memory.leases.set(`workspace_save/${CLINIC}`, {
      token: 999,
      until: Infinity,
    });
    return storeWorkspace(input);
  };
  equal((await save(VAPI)).status, 409);
  equal(memory.integrations.size, 0);
});

Deno.test("workspace-save: a failure of ours is opaque, logged, and gives the lease back", async () => {
  const { save, ports, memory, lines } = setUp();
  for (
    const error of [
      new Error("relation does not exist"),
      new AppError("internal", "Cannot call a function: relation does not exist"),
    ]
  ) {
    ports.workspace.storeWorkspace = () => Promise.reject(error);
    const { status, body } = await save(VAPI);
    equal(status, 500);
    equal(JSON.stringify(body).includes("relation"), false);
  }
  equal(memory.leases.size, 0);
  equal(memory.events[0]?.outcome, "failed");
  equal(lines.some(({ level }) => level === "ERROR"), true);
});

Deno.test("workspace-save: a record that can't be written does not undo the answer", async () => {
  const { save, ports } = setUp();
  ports.workspace.finishWorkspaceSave = () => Promise.reject(new Error("the database is away"));
  equal((await save(VAPI)).status, 200);
});

const ROLES: {
  as: string | null;
  save: number;
  read: number;
  disconnect: number;
}[] = [
  { as: USERS.owner, save: 200, read: 200, disconnect: 200 },
  { as: USERS.admin, save: 200, read: 200, disconnect: 200 },
  { as: USERS.member, save: 403, read: 200, disconnect: 403 },
  { as: USERS.viewer, save: 403, read: 200, disconnect: 403 },
  { as: USERS.outsider, save: 403, read: 403, disconnect: 403 },
  { as: USERS.marketOwner, save: 403, read: 403, disconnect: 403 },
  { as: null, save: 401, read: 401, disconnect: 401 },
];
for (const { as, save: saves, read, disconnect } of ROLES) {
  const name = Object.entries(USERS).find(([, id]) => id === as)?.[0] ??
    "nobody";
  Deno.test(`workspace-save: ${name} saves with ${saves} and reads with ${read}`, async () => {
    const { app, save } = setUp();
    await save(VAPI);
    const headers = { "x-org-id": CLINIC };
    equal((await save(VAPI, { as, headers })).status, saves);
    equal((await send(app, "GET /workspace-save", { as, headers })).status, read);
    equal((await send(app, "DELETE /workspace-save/vapi", { as, headers })).status, disconnect);
  });
}

Deno.test("workspace-save: who belongs to several organizations has to choose", async () => {
  const { save, memory } = setUp();
  memory.members.push({ org_id: MARKET, user_id: USERS.owner, role: "viewer" });
  const answer = await save(VAPI);
  equal(answer.status, 400);
  equal(at(answer.body, "code"), "organization_required");
  equal((await save(VAPI, { headers: { "x-org-id": CLINIC } })).status, 200);
  equal((await save(VAPI, { headers: { "x-org-id": MARKET } })).status, 403);
});

Deno.test("workspace-save: an idempotency key replays the answer", async () => {
  const { save, world } = setUp();
  const headers = { "idempotency-key": "save-1" };
  const first = await save(VAPI, { headers });
  world.calls.length = 0;
  const second = await save(VAPI, { headers });
  equal(second.status, 200);
  deepEqual(second.body, first.body);
  equal(second.headers.get("idempotency-replayed"), "true");
  deepEqual(world.calls, []);
  equal((await save({ vapi_api_key: OTHER_KEY }, { headers })).status, 422);
});

Deno.test("workspace-save: a failed check is not replayed: what was refused may be good by now", async () => {
  const { save, world } = setUp();
  const headers = { "idempotency-key": "save-1" };
  const body = { vapi_api_key: "vapi-key-not-yet-known" };
  equal((await save(body, { headers })).status, 422);
  world.vapiAccounts.set(body.vapi_api_key, { assistants: new Map(), numbers: new Map() });
  const second = await save(body, { headers });
  equal(second.status, 200, JSON.stringify(second.body));
  equal(second.headers.get("idempotency-replayed"), null);
});

Deno.test("workspace-save: too many saves are told when to come back", async () => {
  const { save } = setUp();
  for (let count = 0; count < 10; count++) {
    equal((await save(VAPI)).status, 200);
  }
  const answer = await save(VAPI);
  equal(answer.status, 429);
  equal(Number(answer.headers.get("retry-after")) >= 1, true);
});

Deno.test("workspace-save: switched off, changes are a 503 and everything stays", async () => {
  const { app, save, memory } = setUp({ tierEnabled: false });
  const answer = await save(VAPI, { headers: { "idempotency-key": "off" } });
  equal(answer.status, 503);
  equal(at(answer.body, "code"), "disabled");
  equal(memory.idempotency.size, 0);
  equal((await send(app, "DELETE /workspace-save/vapi")).status, 503);
  const status = await send(app, "GET /workspace-save");
  equal(status.status, 200);
  equal(at(status.body, "tierEnabled"), false);
});

Deno.test("workspace-save: the status is masked", async () => {
  const { app, save } = setUp();
  const empty = await send(app, "GET /workspace-save");
  equal(at(empty.body, "integrations.vapi.connected"), false);
  await save({ ...GOOD_BODY, whatsapp_app_secret: "app-secret-of-the-clinic" });
  const { body } = await send(app, "GET /workspace-save", { as: USERS.viewer });
  equal(at(body, "integrations.vapi.connected"), true);
  equal(at(body, "integrations.vapi.lastFour"), "inic");
  equal(at(body, "integrations.twilio.details.fromNumber"), "+15005550100");
  equal(at(body, "integrations.whatsapp.details.hasAppSecret"), true);
  equal(typeof at(body, "integrations.whatsapp.lastCheckedAt"), "string");
  equal(at(body, "integrations.whatsapp.lastError"), null);
  equal(at(body, "agents.0.syncStatus"), "synced");
  const text = JSON.stringify(body);
  for (
    const secret of [
      GOOD_BODY.vapi_api_key,
      GOOD_BODY.twilio_auth_token,
      GOOD_BODY.whatsapp_access_token,
      "app-secret-of-the-clinic",
      "sealed-",
      SID,
    ]
  ) {
    equal(text.includes(secret), false, secret);
  }
});

Deno.test("workspace-save: disconnecting takes back what was set up", async () => {
  const { app, save, world, account, integration, memory } = setUp();
  await save(GOOD_BODY);
  const whatsapp = await send(app, "DELETE /workspace-save/whatsapp");
  equal(whatsapp.status, 200);
  equal(at(whatsapp.body, "steps.webhookUnsubscribed"), true);
  equal(world.subscriptions.size, 0);
  const twilio = await send(app, "DELETE /workspace-save/twilio");
  equal(at(twilio.body, "steps.numberReleased"), true);
  equal(account.numbers.size, 0);
  equal(integration("vapi")?.public_config.number, undefined);
  equal(integration("twilio")?.ciphertext, null);
  const vapi = await send(app, "DELETE /workspace-save/vapi");
  equal(vapi.status, 200);
  equal(integration("vapi")?.connected, false);
  // Connecting the same account again finds the assistants that were made.
  equal(
    [...memory.agents.values()].every(({ vapi_assistant_id }) => vapi_assistant_id !== null),
    true,
  );
  equal((await send(app, "DELETE /workspace-save/vapi")).status, 409);
  equal((await send(app, "DELETE /workspace-save/fax")).status, 404);
  equal(memory.leases.size, 0);
});

Deno.test("workspace-save: a dead key does not prevent disconnecting", async () => {
  const { app, save, world, integration } = setUp();
  await save(GOOD_BODY);
  world.vapiAccounts.delete(GOOD_BODY.vapi_api_key);
  world.whatsappTokens.delete(GOOD_BODY.whatsapp_access_token);
  for (const provider of ["vapi", "whatsapp"] as const) {
    const answer = await send(app, `DELETE /workspace-save/${provider}`);
    equal(answer.status, 200);
    equal(at(answer.body, "warnings.0.provider"), provider);
    equal(integration(provider)?.connected, false);
  }
});

Deno.test("workspace-save: a provider that is down prevents disconnecting, unless forced", async () => {
  const { app, save, world, integration, memory } = setUp();
  await save(GOOD_BODY);
  world.faults.set("vapi.*", failing("vapi", "unavailable"));
  const refused = await send(app, "DELETE /workspace-save/vapi");
  equal(refused.status, 502);
  equal(at(refused.body, "provider"), "vapi");
  equal(integration("vapi")?.connected, true);
  equal(memory.leases.size, 0);
  const forced = await send(app, "DELETE /workspace-save/vapi?force=true");
  equal(forced.status, 200);
  equal(integration("vapi")?.connected, false);
});

Deno.test("workspace-save: health, methods and paths", async () => {
  const { app } = setUp();
  equal(
    at((await send(app, "GET /workspace-save/health", { as: null })).body, "status"),
    "healthy",
  );
  equal((await send(app, "PUT /workspace-save")).status, 405);
  equal((await send(app, "GET /workspace-save/nothing/here")).status, 404);
});
