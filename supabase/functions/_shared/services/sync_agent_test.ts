import assert from "node:assert/strict";
import {
  createSyncWorld,
  ORG_ID,
  type SyncWorld,
  type VapiFault,
} from "../../../../tests/in_memory/create_sync_world.ts";
import { compareAssistant } from "../domain/sync_plan/compare_assistant.ts";
import { readApplied, renderDesired } from "./render_desired.ts";
import { syncAgent } from "./sync_agent.ts";

const input = {
  orgId: ORG_ID,
  requestId: "request-1",
  role: "inbound",
} as const;

function sync(
  world: SyncWorld,
  options: Parameters<SyncWorld["ports"]>[0] = {},
) {
  return syncAgent(world.ports(options), input);
}

async function readDesired(world: SyncWorld) {
  const ports = world.ports();
  const state = await ports.agents.readAgentSync({
    org_id: ORG_ID,
    role: "inbound",
  });
  assert.equal(state.code, "read");
  return renderDesired(state as never, ports.webhook);
}

async function assertInStep(world: SyncWorld) {
  const [assistant, ...others] = world.ours("inbound");
  assert.ok(assistant, "an assistant exists");
  assert.deepEqual(others, [], "no second assistant exists");
  const desired = await readDesired(world);
  assert.deepEqual(compareAssistant(desired.body, assistant), []);
  const agent = world.agent("inbound");
  assert.equal(agent.vapi_assistant_id, assistant.id);
  assert.equal(agent.applied_hash, desired.hash);
  assert.equal(agent.sync_status, "synced");
  assert.equal(agent.create_intended_at, null);
}

Deno.test("syncAgent creates with one POST and one GET", async () => {
  const world = createSyncWorld();
  const result = await sync(world);
  assert.equal(result.status, "synced");
  assert.equal(result.vapiAssistantId, world.ours("inbound")[0]?.id);
  assert.deepEqual(world.takeCalls(), ["createAssistant", "getAssistant"]);
  await assertInStep(world);
  assert.deepEqual(world.records[0]?.actions, ["created", "verified"]);
  assert.equal(world.records[0]?.provider_calls.length, 2);
});

Deno.test("syncAgent makes no call where nothing changed", async () => {
  const world = createSyncWorld();
  await sync(world);
  world.takeCalls();
  assert.equal((await sync(world)).status, "unchanged");
  assert.deepEqual(world.takeCalls(), []);
});

Deno.test("syncAgent replaces one field with three calls", async () => {
  const world = createSyncWorld();
  await sync(world);
  world.takeCalls();
  world.change("inbound", { first_message: "Welcome!" });
  const result = await sync(world);
  assert.deepEqual(result.changed, ["firstMessage"]);
  assert.deepEqual(world.takeCalls(), [
    "getAssistant",
    "updateAssistant",
    "getAssistant",
  ]);
  await assertInStep(world);
});

Deno.test("syncAgent keeps tools that were attached at Vapi when it changes the prompt", async () => {
  const world = createSyncWorld();
  await sync(world);
  const [assistant] = world.ours("inbound");
  const model = assistant?.model as { toolIds: string[]; tools?: unknown };
  model.toolIds = ["theirs"];
  const ours = model.tools as { function: { name: string } }[];
  model.tools = [{ type: "endCall" }, ...ours];
  world.change("inbound", { system_prompt: "Be brief." });
  await sync(world);
  const after = world.ours("inbound")[0]?.model as Record<string, unknown>;
  assert.deepEqual(after.toolIds, ["theirs"]);
  assert.deepEqual(after.tools, [...ours, { type: "endCall" }]);
  assert.deepEqual(after.messages, [{ role: "system", content: "Be brief." }]);
});

Deno.test("syncAgent offers what is enabled, in one order, and takes away what no longer is", async () => {
  const world = createSyncWorld();
  world.enabledTools = ["book_appointment", "take_message", "gone_from_the_registry"];
  await sync(world);
  const names = () => {
    const { tools = [] } = world.ours("inbound")[0]?.model as {
      tools?: { type: string; function?: { name: string } }[];
    };
    return tools.map(({ type, function: offered }) => offered?.name ?? type);
  };
  assert.deepEqual(names(), ["take_message", "book_appointment"]);
  world.takeCalls();
  world.enabledTools.reverse();
  assert.equal((await sync(world)).status, "unchanged");
  assert.deepEqual(world.takeCalls(), []);

  world.enabledTools = ["book_appointment", "quote_insurance"];
  const changed = await sync(world);
  assert.deepEqual(changed.changed, ["model.tools.quote_insurance", "model.tools.take_message"]);
  assert.deepEqual(world.takeCalls(), ["getAssistant", "updateAssistant", "getAssistant"]);
  assert.deepEqual(names(), ["book_appointment", "quote_insurance"]);
  await assertInStep(world);
});

Deno.test("syncAgent makes the assistant anew only when it is gone", async () => {
  const world = createSyncWorld();
  await sync(world);
  const [first] = world.ours("inbound");
  world.account("key-a").delete(first?.id ?? "");
  world.change("inbound", { first_message: "Welcome!" });
  world.takeCalls();
  assert.equal((await sync(world)).status, "synced");
  assert.deepEqual(world.takeCalls(), [
    "getAssistant",
    "listAssistants",
    "createAssistant",
    "getAssistant",
  ]);
  assert.notEqual(world.ours("inbound")[0]?.id, first?.id);
  await assertInStep(world);
});

for (
  const fault of [
    "unauthorized",
    "down",
    "rate_limited",
    "lost",
  ] satisfies VapiFault[]
) {
  Deno.test(`syncAgent makes no second assistant when reading is ${fault}`, async () => {
    const world = createSyncWorld();
    await sync(world);
    world.change("inbound", { first_message: "Welcome!" });
    const result = await sync(world, { faults: [fault] });
    assert.equal(result.status, "failed");
    assert.match(result.error ?? "", /^Cannot sync the inbound agent: Vapi: /);
    assert.equal(world.agent("inbound").consecutive_failures, 1);
    assert.equal(world.ours("inbound").length, 1);
    assert.equal((await sync(world)).status, "synced");
    await assertInStep(world);
  });
}

Deno.test("syncAgent finds what a create made whose answer was lost", async () => {
  const world = createSyncWorld();
  const result = await sync(world, { faults: ["lost"] });
  assert.equal(result.status, "synced");
  assert.deepEqual(world.takeCalls(), ["createAssistant", "listAssistants"]);
  await assertInStep(world);
});

Deno.test("syncAgent gives up a lost create that left nothing, and creates next time", async () => {
  const world = createSyncWorld();
  assert.equal((await sync(world, { faults: ["down"] })).status, "failed");
  assert.deepEqual(world.takeCalls(), ["createAssistant", "listAssistants"]);
  assert.notEqual(world.agent("inbound").create_intended_at, null);
  assert.equal((await sync(world)).status, "synced");
  assert.deepEqual(world.takeCalls(), [
    "listAssistants",
    "createAssistant",
    "getAssistant",
  ]);
  await assertInStep(world);
});

Deno.test("syncAgent rebuilds in another account and finds its way back", async () => {
  const world = createSyncWorld();
  await sync(world);
  const [first] = world.ours("inbound");
  world.key = "key-b";
  assert.equal((await sync(world)).status, "synced");
  await assertInStep(world);
  world.key = "key-a";
  assert.equal((await sync(world)).vapiAssistantId, first?.id);
  await assertInStep(world);
});

Deno.test("syncAgent keeps the assistant when only the key was replaced", async () => {
  const world = createSyncWorld();
  await sync(world);
  const [first] = world.ours("inbound");
  world.accounts.set("key-c", world.account("key-a"));
  world.key = "key-c";
  world.takeCalls();
  const result = await sync(world);
  assert.equal(result.status, "unchanged");
  assert.equal(result.vapiAssistantId, first?.id);
  assert.deepEqual(world.takeCalls(), ["getAssistant", "listAssistants"]);
});

Deno.test("with another key the assistant is asked for and looked for at the same time", async () => {
  const world = createSyncWorld();
  await sync(world);
  world.key = "key-b";
  const ports = world.ports();
  const connect = ports.connect.vapi;
  const order: string[] = [];
  ports.connect.vapi = (...given) =>
    new Proxy(connect(...given), {
      get: (target, name) => async (...values: unknown[]) => {
        order.push(`${String(name)} began`);
        const answer = await Reflect.get(target, name)(...values);
        order.push(`${String(name)} ended`);
        return answer;
      },
    });
  assert.equal((await syncAgent(ports, input)).status, "synced");
  assert.deepEqual(order.filter((event) => event.endsWith("began")), [
    "getAssistant began",
    "listAssistants began",
    "createAssistant began",
    "getAssistant began",
  ]);
  assert.ok(order.indexOf("listAssistants began") < order.indexOf("getAssistant ended"));
  await assertInStep(world);
});

Deno.test("with another key, what can't be looked for is not created", async () => {
  const world = createSyncWorld();
  await sync(world);
  world.key = "key-b";
  assert.equal((await sync(world, { faults: [null, "down"] })).status, "failed");
  assert.equal(world.ours("inbound").length, 0);
  assert.equal((await sync(world)).status, "synced");
  await assertInStep(world);
});

for (const dryRun of [false, true]) {
  Deno.test(`a sync${dryRun ? " without writing" : ""} ends by its caller's signal`, async () => {
    const world = createSyncWorld();
    await sync(world);
    world.change("inbound", { voice: "Kylie" });
    const ports = world.ports();
    const connect = ports.connect.vapi;
    const signals: (AbortSignal | undefined)[] = [];
    ports.connect.vapi = (secrets, record, options) => {
      signals.push(options?.signal);
      return connect(secrets, record, options);
    };
    const signal = AbortSignal.abort();
    await syncAgent(ports, { ...input, dryRun });
    await syncAgent(ports, { ...input, dryRun, force: true, signal });
    assert.deepEqual(signals.map((given) => given?.aborted), [false, true]);
  });
}

Deno.test("a sync that is left to another holder still names the agent and its assistant", async () => {
  const world = createSyncWorld();
  await sync(world);
  const agent = world.agent("inbound");
  await world.ports().agents.claimAgentSync({
    org_id: ORG_ID,
    role: "inbound",
    request_id: "other",
    lease_seconds: 30,
  });
  const result = await syncAgent(world.ports(), { ...input, agents: [agent] });
  assert.deepEqual(
    [result.status, result.agentId, result.vapiAssistantId],
    ["queued", agent.id, agent.vapi_assistant_id],
  );
});

Deno.test("syncAgent leaves a change to the holder, and the holder goes on with it", async () => {
  const world = createSyncWorld();
  const ports = world.ports();
  const connect = ports.connect.vapi;
  let meanwhile: Promise<unknown> | undefined;
  ports.connect.vapi = (...given) => {
    // A save during the first round's push.
    if (meanwhile === undefined) {
      world.now += 1_000;
      world.change("inbound", { system_prompt: "Be brief." });
      meanwhile = sync(world).then((result) => assert.equal(result.status, "queued"));
    }
    return connect(...given);
  };
  const result = await syncAgent(ports, input);
  await meanwhile;
  assert.equal(result.status, "synced");
  await assertInStep(world);
  assert.equal(world.records.length, 2);
});

Deno.test("syncAgent says what is missing instead of trying", async () => {
  const world = createSyncWorld();
  world.key = null;
  assert.equal((await sync(world)).status, "not_connected");
  assert.deepEqual(world.takeCalls(), []);
});

Deno.test("syncAgent sends hidden headers again when the webhook's secret was replaced", async () => {
  const world = createSyncWorld({ hidesHeaders: true });
  await sync(world);
  world.webhookVersion = 2;
  const result = await sync(world);
  assert.deepEqual(result.changed, ["server.headers", "model.tools.server.headers"]);
  const server = world.ours("inbound")[0]?.server as {
    headers: Record<string, string>;
  };
  assert.match(
    server.headers["X-Vapi-Secret"] ?? "",
    new RegExp(`^v1\\.${ORG_ID}\\.2\\.`),
  );
  assert.equal((await sync(world)).status, "unchanged");
});

Deno.test("a dry run plans without writing anything", async () => {
  const world = createSyncWorld();
  const created = await syncAgent(world.ports(), { ...input, dryRun: true });
  assert.equal(created.status, "planned");
  assert.deepEqual(world.takeCalls(), []);
  await sync(world);
  world.takeCalls();
  world.change("inbound", { system_prompt: "Be brief." });
  const before = structuredClone(world.agent("inbound"));
  const updated = await syncAgent(world.ports(), { ...input, dryRun: true });
  assert.deepEqual(updated.changed, ["model.messages.0.content"]);
  assert.deepEqual(world.takeCalls(), ["getAssistant"]);
  assert.deepEqual(world.agent("inbound"), before);
  assert.equal(world.leases.get("inbound")?.released, true);
});

Deno.test("a forced sync repairs what was edited at Vapi", async () => {
  const world = createSyncWorld();
  await sync(world);
  Object.assign(world.ours("inbound")[0] ?? {}, { firstMessage: "Edited." });
  assert.equal((await sync(world)).status, "unchanged");
  const result = await syncAgent(world.ports(), { ...input, force: true });
  assert.deepEqual(result.changed, ["firstMessage"]);
  await assertInStep(world);
});

Deno.test("what was pushed without being verified is not forgotten when it is taken back", async () => {
  const world = createSyncWorld();
  await sync(world);
  world.webhookVersion = 2;
  assert.equal(
    (await sync(world, { faults: [null, null, "down"] })).status,
    "failed",
  );
  world.webhookVersion = 1;
  assert.deepEqual((await sync(world)).changed, [
    "model.tools.server.headers.X-Vapi-Secret",
    "server.headers.X-Vapi-Secret",
  ]);
  await assertInStep(world);
});

Deno.test("a process that dies at any step leaves nothing that the next cannot finish", async () => {
  const scenarios: Record<
    string,
    (world: SyncWorld) => Promise<unknown> | void
  > = {
    create: () => {},
    update: async (world) => {
      await sync(world);
      world.change("inbound", { system_prompt: "Be brief.", voice: "Kylie" });
    },
    "change taken back": async (world) => {
      await sync(world);
      world.voiceDefaults = {
        model: { provider: "openai", model: "gpt-5" },
        transcriber: { provider: "deepgram", model: "nova-3" },
        voice: { provider: "vapi", voiceId: "Elliot" },
      };
    },
    recreate: async (world) => {
      await sync(world);
      world.account("key-a").clear();
      world.change("inbound", { system_prompt: "Be brief." });
    },
    "other account": async (world) => {
      await sync(world);
      world.key = "key-b";
    },
  };
  for (const [name, prepare] of Object.entries(scenarios)) {
    let died = true;
    for (let crashAt = 0; died; crashAt++) {
      assert.ok(crashAt < 100, `${name} ends`);
      const world = createSyncWorld();
      await prepare(world);
      const process = { steps: 0, crashAt, faults: [] };
      await syncAgent(world.ports(process), input);
      died = process.steps > crashAt;
      if (crashAt === 0) assert.ok(died);
      if (name === "change taken back") world.voiceDefaults = null;
      world.now += 31_000;
      const result = await sync(world);
      assert.match(
        result.status,
        /^(synced|unchanged)$/,
        `${name} after step ${crashAt}`,
      );
      await assertInStep(world);
      world.takeCalls();
      assert.equal((await sync(world)).status, "unchanged");
      assert.deepEqual(world.takeCalls(), []);
    }
  }
});

Deno.test("an applied hash is trusted only where nothing may have been pushed since", () => {
  const world = createSyncWorld();
  const agent = world.agent("inbound");
  Object.assign(agent, { applied_revision: agent.revision });
  assert.equal(readApplied(agent).uncertain, false);
  assert.equal(readApplied(agent, true).uncertain, true);
  assert.equal(
    readApplied({ ...agent, consecutive_failures: 1 }).uncertain,
    true,
  );
  assert.equal(
    readApplied({ ...agent, revision: agent.revision + 1 }).uncertain,
    true,
  );
});

Deno.test("the log and the record tell of each attempt, without the webhook's secret", async () => {
  const world = createSyncWorld();
  await sync(world);
  await sync(world, { faults: ["unauthorized"] });
  world.change("inbound", { voice: "Kylie" });
  await sync(world, { faults: ["unauthorized"] });
  const told = world.lines.map(({ level, message }) => `${level} ${message}`);
  assert.deepEqual(told, [
    "INFO Agent sync verification",
    "INFO Agent sync attempt",
    "INFO Agent sync attempt",
    "ERROR Agent sync attempt",
  ]);
  assert.ok(
    !JSON.stringify([world.lines, world.records]).includes(`v1.${ORG_ID}`),
  );
});

Deno.test("syncAgent leaves what moved during a failure to the queued retry", async () => {
  const world = createSyncWorld();
  await sync(world);
  world.change("inbound", { first_message: "Welcome!" });
  const ports = world.ports({ faults: ["down"] });
  const connect = ports.connect.vapi;
  ports.connect.vapi = (...given) => {
    world.now += 1_000;
    world.change("inbound", { system_prompt: "Be brief." });
    return connect(...given);
  };
  // Even where the database says that there is more to do.
  const agents = { ...ports.agents };
  const recordAgentSync: typeof agents.recordAgentSync = async (record) => {
    const recorded = await agents.recordAgentSync(record);
    return recorded.code === "recorded" ? { ...recorded, again: true } : recorded;
  };
  const before = world.records.length;
  const result = await syncAgent({ ...ports, agents: { ...agents, recordAgentSync } }, input);
  assert.equal(result.status, "failed");
  assert.equal(world.records.length - before, 1);
  assert.equal(world.agent("inbound").consecutive_failures, 1);
  assert.equal(world.leases.get("inbound")?.released, true);
  assert.equal((await sync(world)).status, "synced");
  await assertInStep(world);
});
