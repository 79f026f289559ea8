import { deepEqual, equal } from "node:assert/strict";
import { createAgentApp } from "../../../../../tests/in_memory/create_agent_app.ts";
import { send } from "../../../../../tests/in_memory/create_test_app.ts";
import { ProviderError } from "../../errors.ts";
import type { Assistant } from "../../ports.ts";
import { checkDueDrift } from "./check_drift.ts";

async function setUp() {
  const made = await createAgentApp();
  const pauses: number[] = [];
  const run = () =>
    checkDueDrift({ ...made.ports, logger: made.options.logger }, {
      requestId: "worker-1",
      pause: (milliseconds) => {
        pauses.push(milliseconds);
        return Promise.resolve();
      },
    });
  const edit = (fields: Partial<Assistant>) => {
    const { id } = made.assistant("inbound")!;
    made.account.assistants.set(id, { ...made.assistant("inbound"), ...fields } as Assistant);
  };
  return { ...made, run, edit, pauses };
}

Deno.test("drift: assistants in step cost one question each, spaced within an account", async () => {
  const { run, world, pauses, ports } = await setUp();
  deepEqual(await run(), { in_step: 2, drifted: 0, missing: 0, failed: 0 });
  deepEqual(world.calls, ["vapi.getAssistant", "vapi.getAssistant"]);
  deepEqual(pauses, [700]);
  deepEqual(ports.drift.records.map(({ provider_calls }) => provider_calls.length), [1, 1]);
});

Deno.test("drift: an edit at Vapi is reported field by field and left there", async () => {
  const { run, edit, assistant, ports, agent } = await setUp();
  const { model, firstMessage } = assistant("inbound") as unknown as {
    model: { messages: unknown[] };
    firstMessage: string;
  };
  const messages = [{ role: "system", content: "Sell, sell, sell." }];
  edit({ firstMessage: "Edited.", model: { ...model, messages } });
  deepEqual(await run(), { in_step: 1, drifted: 1, missing: 0, failed: 0 });
  deepEqual(ports.drift.records[0]?.differences, [
    { field: "firstMessage", applied: firstMessage, actual: "Edited." },
    {
      field: "model.messages.0.content",
      applied: agent("inbound").system_prompt,
      actual: "Sell, sell, sell.",
    },
  ]);
  equal(assistant("inbound")?.firstMessage, "Edited.");
});

Deno.test("drift: an edit at Vapi is repaired where the organization wants it", async () => {
  const { run, edit, assistant, ports, agent } = await setUp();
  ports.drift.policy = "repair";
  edit({ firstMessage: "Edited." });
  deepEqual(await run(), { in_step: 1, drifted: 1, missing: 0, failed: 0 });
  equal(assistant("inbound")?.firstMessage, agent("inbound").first_message);
  equal(agent("inbound").sync_status, "synced");
});

Deno.test("drift: tools that somebody attached at Vapi are no drift", async () => {
  const { run, edit, assistant } = await setUp();
  const model = assistant("inbound")?.model as { tools: unknown[] };
  edit({ model: { ...model, toolIds: ["theirs"], tools: [{ type: "endCall" }, ...model.tools] } });
  equal((await run()).in_step, 2);
});

Deno.test("drift: a tool of ours that somebody took away is one, and is attached again where repair is wanted", async () => {
  const { run, edit, assistant, ports } = await setUp();
  ports.drift.policy = "repair";
  const before = assistant("inbound")?.model as { tools: { function: { name: string } }[] };
  const kept = before.tools.filter((tool) => tool.function.name !== "take_message");
  edit({ model: { ...before, tools: [{ type: "endCall" }, ...kept] } });
  equal((await run()).drifted, 1);
  deepEqual(ports.drift.records[0]?.differences.map(({ field }) => field), [
    "model.tools.take_message",
  ]);
  const after = assistant("inbound")?.model as { tools: unknown[] };
  deepEqual(after.tools, [...before.tools, { type: "endCall" }]);
});

Deno.test("drift: another webhook secret at Vapi is one, and is never shown", async () => {
  const { run, edit, assistant, ports } = await setUp();
  const server = assistant("inbound")?.server as object;
  edit({ server: { ...server, headers: { "X-Vapi-Secret": "stolen" } } });
  equal((await run()).drifted, 1);
  deepEqual(ports.drift.records[0]?.differences, [
    { field: "server.headers.X-Vapi-Secret", applied: null, actual: null },
  ]);
});

Deno.test("drift: an assistant that was deleted is missing, and made anew where repair is wanted", async () => {
  for (const policy of ["report", "repair"] as const) {
    const { run, account, agent, app, boundNumber, ports } = await setUp();
    await send(app, "POST /agent-sync/activate", { body: { role: "inbound", mode: "full" } });
    ports.drift.policy = policy;
    const before = agent("inbound").vapi_assistant_id ?? "";
    account.assistants.delete(before);
    equal((await run()).missing, 1);
    const after = agent("inbound").vapi_assistant_id ?? "";
    equal(after === before, policy === "report");
    equal(account.assistants.has(after), policy === "repair");
    equal(boundNumber()?.assistantId, after);
  }
});

Deno.test("drift: an account that asks to be left alone is asked no more", async () => {
  const { run, world, ports } = await setUp();
  world.faults.set(
    "vapi.getAssistant",
    () => new ProviderError("vapi", "rate_limited", "Too Many Requests", { status: 429 }),
  );
  deepEqual(await run(), { in_step: 0, drifted: 0, missing: 0, failed: 2 });
  deepEqual(world.calls, ["vapi.getAssistant"]);
  deepEqual(ports.drift.records.map(({ outcome }) => outcome), ["failed", "failed"]);
});

Deno.test("drift: a provider that is down is no drift", async () => {
  const { run, world, agent, ports } = await setUp();
  ports.drift.policy = "repair";
  world.faults.set("vapi.*", () => new ProviderError("vapi", "unavailable", "it is down"));
  equal((await run()).failed, 2);
  equal(agent("inbound").sync_status, "synced");
  equal(ports.drift.records[0]?.error, "vapi: it is down");
});

Deno.test("drift: a save that met the check is synced when it ends", async () => {
  const { run, agent, assistant, ports, app } = await setUp();
  const { recordDriftCheck } = ports.drift;
  let meanwhile = false;
  ports.drift.recordDriftCheck = async (input) => {
    if (!meanwhile) {
      meanwhile = true;
      const body = { [input.role]: { firstMessage: "Meanwhile." } };
      const answer = await send(app, "POST /agent-sync/behavior", { body });
      equal(answer.status, 200);
    }
    return await recordDriftCheck(input);
  };
  await run();
  equal(agent("inbound").sync_status, "synced");
  equal(assistant("inbound")?.firstMessage, "Meanwhile.");
});
