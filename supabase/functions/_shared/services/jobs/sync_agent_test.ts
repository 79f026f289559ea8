import { equal, rejects } from "node:assert/strict";
import { createAgentApp } from "../../../../../tests/in_memory/create_agent_app.ts";
import { CLINIC, send } from "../../../../../tests/in_memory/create_test_app.ts";
import { ProviderError } from "../../errors.ts";
import type { JobRow, JsonObject } from "../../ports.ts";
import { syncQueuedAgent } from "./sync_agent.ts";

async function setUp() {
  const made = await createAgentApp();
  await send(made.app, "POST /agent-sync/activate", { body: { role: "inbound", mode: "full" } });
  const run = (payload: JsonObject) =>
    syncQueuedAgent(
      { ...made.ports, logger: made.options.logger },
      { id: "j1", kind: "sync_agent", org_id: CLINIC, payload } as JobRow,
      { requestId: "worker-1", record: () => {} },
    );
  return { ...made, run };
}

Deno.test("sync_agent: a pause whose process died is told to Vapi", async () => {
  const { run, agent, boundNumber } = await setUp();
  agent("inbound").state = "paused";
  equal(boundNumber()?.assistantId, agent("inbound").vapi_assistant_id);
  await run({ role: "inbound" });
  equal(boundNumber()?.assistantId, agent("inbound").vapi_assistant_id);
  await run({ role: "inbound", rebind: true });
  equal(boundNumber()?.assistantId, null);
});

Deno.test("sync_agent: the fifth failure takes the number from the agent, and stays a failure", async () => {
  const { run, agent, boundNumber, world } = await setUp();
  Object.assign(agent("inbound"), { consecutive_failures: 4, revision: 2, name: "Ada" });
  world.faults.set(
    "vapi.updateAssistant",
    () => new ProviderError("vapi", "unavailable", "it is down"),
  );
  await rejects(run({ role: "inbound" }), /it is down/);
  equal(agent("inbound").state, "error");
  equal(boundNumber()?.assistantId, null);
});

Deno.test("sync_agent: a number that has to follow doesn't wait for a sync that fails", async () => {
  const { run, agent, boundNumber, world } = await setUp();
  Object.assign(agent("inbound"), { state: "paused", revision: 2, name: "Ada" });
  world.faults.set(
    "vapi.updateAssistant",
    () => new ProviderError("vapi", "unavailable", "it is down"),
  );
  await run({ role: "inbound", rebind: true });
  equal(boundNumber()?.assistantId, null);
  equal(agent("inbound").consecutive_failures, 0);
});
