import { deepEqual, equal, match } from "node:assert/strict";
import { createAgentApp } from "../../../tests/in_memory/create_agent_app.ts";
import { CLINIC, send } from "../../../tests/in_memory/create_test_app.ts";
import { at, fieldsOf } from "../../../tests/in_memory/read_answer.ts";
import { takeLease } from "../../../tests/in_memory/create_memory.ts";
import { ProviderError } from "../_shared/errors.ts";

const unavailable = () => new ProviderError("vapi", "unavailable", "it is down", { status: 500 });
type App = Awaited<ReturnType<typeof createAgentApp>>["app"];
const activate = (
  app: App,
  body: unknown = { role: "inbound", mode: "full" },
) => send(app, "POST /agent-sync/activate", { body });
const pause = (app: App, body: unknown = { role: "inbound" }) =>
  send(app, "POST /agent-sync/pause", { body });

Deno.test("activation: the number follows the agent's state", async () => {
  const { app, agent, boundNumber } = await createAgentApp();
  const limited = await activate(app, { role: "inbound", mode: "limited" });
  equal(limited.status, 200);
  deepEqual([at(limited.body, "state"), at(limited.body, "mode")], [
    "active",
    "limited",
  ]);
  equal(at(limited.body, "numberBound"), true);
  equal(boundNumber()?.assistantId, null);
  match(String(boundNumber()?.server?.url), /unified-webhook\/vapi$/);

  const full = await activate(app);
  equal(at(full.body, "changed"), true);
  equal(boundNumber()?.assistantId, agent("inbound").vapi_assistant_id);

  const paused = await pause(app);
  equal(at(paused.body, "state"), "paused");
  equal(boundNumber()?.assistantId, null);

  const again = await pause(app);
  equal(at(again.body, "changed"), false);
  const back = await activate(app, { role: "inbound" });
  equal(at(back.body, "mode"), "full");
  equal(boundNumber()?.assistantId, agent("inbound").vapi_assistant_id);
});

Deno.test("activation: an outbound agent has no number to bind", async () => {
  const { app, world } = await createAgentApp();
  const answer = await activate(app, { role: "outbound", mode: "full" });
  equal(answer.status, 200);
  equal(at(answer.body, "numberBound"), null);
  deepEqual(world.calls, []);
});

Deno.test("activation: an agent that isn't at Vapi yet is synced first", async () => {
  const { app, account } = await createAgentApp({ synced: false });
  equal((await activate(app)).status, 200);
  equal(account.assistants.size, 1);
});

Deno.test("activation: an agent that can't be synced stays out of service", async () => {
  const { app, agent, world } = await createAgentApp({ synced: false });
  world.faults.set("vapi.createAssistant", unavailable);
  const answer = await activate(app);
  equal(answer.status, 502);
  match(String(at(answer.body, "detail")), /it is down/);
  equal(agent("inbound").state, "draft");
});

Deno.test("activation: without Vapi there is nothing to activate", async () => {
  const { app } = await createAgentApp({ connected: false });
  const answer = await activate(app);
  equal(answer.status, 409);
  equal(at(answer.body, "code"), "not_connected");
  deepEqual(at(answer.body, "missing"), ["vapi_connection"]);
});

Deno.test("activation: a number that can't be bound now is a warning, the state stands", async () => {
  const { app, agent, boundNumber, world } = await createAgentApp();
  await activate(app);
  world.faults.set("vapi.updatePhoneNumber", unavailable);
  const answer = await pause(app);
  equal(answer.status, 200);
  equal(at(answer.body, "numberBound"), false);
  equal(at(answer.body, "warnings.0.step"), "numberBound");
  equal(agent("inbound").state, "paused");
  equal(boundNumber()?.assistantId, agent("inbound").vapi_assistant_id);
});

Deno.test("activation: a workspace that is being saved is waited for", async () => {
  const { app, boundNumber, memory } = await createAgentApp();
  await activate(app);
  takeLease(memory, `workspace_save/${CLINIC}`, 0.4);
  equal(at((await pause(app)).body, "numberBound"), true);
  equal(boundNumber()?.assistantId, null);
});

Deno.test("activation: five failed syncs in a row put the agent in error, activation ends it", async () => {
  const { app, agent, boundNumber, memory, world } = await createAgentApp();
  await activate(app);
  world.faults.set("vapi.updateAssistant", unavailable);
  for (let count = 1; count <= 5; count++) {
    equal(agent("inbound").state, "active");
    const body = { inbound: { name: `Name ${count}` } };
    equal((await send(app, "POST /agent-sync/behavior", { body })).status, 502);
  }
  equal(agent("inbound").state, "error");
  equal(memory.alerts.get("agent_in_error/inbound"), "critical");
  equal(boundNumber()?.assistantId, null);

  world.faults.clear();
  equal((await activate(app)).status, 200);
  equal(agent("inbound").state, "active");
  equal(agent("inbound").consecutive_failures, 0);
  equal(memory.alerts.size, 0);
  equal(boundNumber()?.assistantId, agent("inbound").vapi_assistant_id);
});

Deno.test("activation: an assistant made anew takes the number over", async () => {
  const { app, agent, account, boundNumber } = await createAgentApp();
  await activate(app);
  const before = agent("inbound").vapi_assistant_id ?? "";
  account.assistants.delete(before);
  const answer = await send(app, "POST /agent-sync/behavior", {
    body: { inbound: { name: "Ada" } },
  });
  equal(answer.status, 200);
  equal(agent("inbound").vapi_assistant_id === before, false);
  equal(boundNumber()?.assistantId, agent("inbound").vapi_assistant_id);
});

Deno.test("activation: every change says where the number couldn't follow", async () => {
  const changes: [string, object][] = [
    ["behavior", { inbound: { name: "Ada" } }],
    ["rollback", { role: "inbound", revision: 1 }],
    ["from-template", { template: "receptionist" }],
    ["sync", { roles: ["inbound"], force: true }],
  ];
  for (const [route, body] of changes) {
    const { app, agent, account, world } = await createAgentApp();
    await activate(app);
    // So that there is something to roll back from.
    await send(app, "POST /agent-sync/behavior", { body: { inbound: { name: "Before" } } });
    account.assistants.delete(agent("inbound").vapi_assistant_id ?? "");
    world.faults.set("vapi.updatePhoneNumber", unavailable);
    const answer = await send(app, `POST /agent-sync/${route}`, { body });
    equal(answer.status, 200, route);
    deepEqual(at(answer.body, "warnings"), [{ step: "numberBound", detail: "it is down" }], route);
  }
});

Deno.test("activation: an assistant that was deleted at Vapi is made anew first", async () => {
  const { app, agent, account, boundNumber } = await createAgentApp();
  const before = agent("inbound").vapi_assistant_id ?? "";
  account.assistants.delete(before);
  // The last sync is as it was: only a look at Vapi tells.
  agent("inbound").drift_status = "missing";
  equal((await activate(app)).status, 200);
  const after = agent("inbound").vapi_assistant_id ?? "";
  equal(after === before, false);
  equal(account.assistants.has(after), true);
  equal(boundNumber()?.assistantId, after);
});

Deno.test("activation: an agent with a change that isn't at Vapi yet is synced first", async () => {
  const { app, agent, assistant } = await createAgentApp();
  Object.assign(agent("inbound"), {
    first_message: "Welcome!",
    revision: 2,
    sync_status: "queued",
  });
  equal((await activate(app)).status, 200);
  equal(assistant("inbound")?.firstMessage, "Welcome!");
});

Deno.test("activation: five failed syncs leave a draft one, and tell somebody", async () => {
  const { app, agent, memory, world } = await createAgentApp();
  world.faults.set("vapi.updateAssistant", unavailable);
  for (let count = 1; count <= 5; count++) {
    const body = { inbound: { name: `Name ${count}` } };
    equal((await send(app, "POST /agent-sync/behavior", { body })).status, 502);
  }
  equal(agent("inbound").state, "draft");
  equal(memory.alerts.get("agent_in_error/inbound"), "critical");
});

Deno.test("activation: bad bodies", async () => {
  const { app } = await createAgentApp();
  for (
    const [body, field] of [
      [{ mode: "full" }, "role"],
      [{ role: "inbound", mode: "loud" }, "mode"],
      [{ role: "inbound", force: true }, "force"],
    ] as const
  ) {
    const answer = await activate(app, body);
    equal(answer.status, 400);
    deepEqual(fieldsOf(answer.body), [field]);
  }
  deepEqual(
    fieldsOf((await pause(app, { role: "inbound", mode: "full" })).body),
    ["mode"],
  );
});

Deno.test("activation: before the first save there is no agent", async () => {
  const { app, memory } = await createAgentApp();
  memory.agents.clear();
  equal((await activate(app)).status, 404);
  equal((await pause(app)).status, 404);
});
