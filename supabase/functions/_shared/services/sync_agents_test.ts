import fc from "fast-check";
import assert from "node:assert/strict";
import {
  createSyncWorld,
  ORG_ID,
  type SyncWorld,
  type VapiFault,
} from "../../../../tests/in_memory/create_sync_world.ts";
import { compareAssistant } from "../domain/sync_plan/compare_assistant.ts";
import { AGENT_ROLES, type AgentRole } from "../ports.ts";
import { renderDesired } from "./render_desired.ts";
import { syncAgents } from "./sync_agents.ts";

const input = { orgId: ORG_ID, requestId: "request-1" };

Deno.test("syncAgents syncs both side by side and says so", async () => {
  const world = createSyncWorld();
  const results = await syncAgents(world.ports(), input);
  assert.deepEqual(results.map(({ status }) => status), ["synced", "synced"]);
  assert.equal(world.takeCalls().length, 4);
  const line = world.lines.find(({ message }) => message === "All agents synced to Vapi");
  assert.deepEqual(line?.fields.agent_ids, ["inbound-agent", "outbound-agent"]);
});

Deno.test("what befalls one agent leaves the other alone", async () => {
  const world = createSyncWorld();
  const results = await syncAgents(
    world.ports({ faults: ["unauthorized"] }),
    input,
  );
  assert.deepEqual(results.map(({ status }) => status).toSorted(), [
    "failed",
    "synced",
  ]);
  assert.ok(
    !world.lines.some(({ message }) => message === "All agents synced to Vapi"),
  );
});

type Event =
  | {
    event: "change";
    role: AgentRole;
    field: "system_prompt" | "voice" | "name";
    value: string;
  }
  | { event: "key"; key: string }
  | { event: "secret" }
  | { event: "model"; model: string }
  | {
    event: "edit";
    role: AgentRole;
    field: "firstMessage" | "voice" | "model";
  }
  | { event: "attach"; role: AgentRole; tool: string }
  | { event: "delete"; role: AgentRole }
  | { event: "wait"; seconds: number }
  | { event: "sync"; crashes: number[]; faults: (VapiFault | null)[] };

const role = fc.constantFrom(...AGENT_ROLES);
const fault = fc.option(
  fc.constantFrom<VapiFault>(
    "refused",
    "unauthorized",
    "down",
    "lost",
    "rate_limited",
  ),
  { freq: 3 },
);
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    event: fc.constant("change" as const),
    role,
    field: fc.constantFrom(
      "system_prompt" as const,
      "voice" as const,
      "name" as const,
    ),
    value: fc.constantFrom("one", "two", "three"),
  }),
  fc.record({
    event: fc.constant("key" as const),
    key: fc.constantFrom("key-a", "key-b"),
  }),
  fc.record({ event: fc.constant("secret" as const) }),
  fc.record({
    event: fc.constant("model" as const),
    model: fc.constantFrom("one", "two"),
  }),
  fc.record({
    event: fc.constant("edit" as const),
    role,
    field: fc.constantFrom(
      "firstMessage" as const,
      "voice" as const,
      "model" as const,
    ),
  }),
  fc.record({
    event: fc.constant("attach" as const),
    role,
    tool: fc.constantFrom("t1", "t2"),
  }),
  fc.record({ event: fc.constant("delete" as const), role }),
  fc.record({
    event: fc.constant("wait" as const),
    seconds: fc.integer({ min: 1, max: 60 }),
  }),
  // One or two functions at once, each of which may die at any step.
  fc.record({
    event: fc.constant("sync" as const),
    crashes: fc.array(
      fc.oneof(fc.integer({ min: 0, max: 24 }), fc.constant(Infinity)),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
    faults: fc.array(fault, { maxLength: 6 }),
  }),
);

async function happen(
  world: SyncWorld,
  next: Event,
  attached: Map<string, string[]>,
) {
  switch (next.event) {
    case "change":
      return world.change(next.role, { [next.field]: next.value });
    case "key":
      world.key = next.key;
      return;
    case "secret":
      world.webhookVersion += 1;
      return;
    case "model":
      world.voiceDefaults = {
        model: { provider: "openai", model: next.model },
        transcriber: { provider: "deepgram", model: "nova-3" },
        voice: { provider: "vapi", voiceId: "Elliot" },
      };
      return;
    case "edit":
      for (const assistant of world.ours(next.role)) {
        if (next.field === "model") {
          assistant.model = { ...assistant.model as object, messages: [] };
        } else assistant[next.field] = "edited at Vapi";
      }
      return;
    case "attach":
      for (const assistant of world.ours(next.role)) {
        const model = assistant.model as { toolIds: string[] };
        if (!model.toolIds.includes(next.tool)) model.toolIds.push(next.tool);
        attached.set(assistant.id, [
          ...attached.get(assistant.id) ?? [],
          next.tool,
        ]);
      }
      return;
    case "delete":
      for (const { id } of world.ours(next.role)) {
        world.account(world.key ?? "").delete(id);
      }
      return;
    case "wait":
      world.now += next.seconds * 1000;
      return;
    case "sync":
      await Promise.all(
        next.crashes.map((crashAt) =>
          syncAgents(world.ports({ crashAt, faults: [...next.faults] }), input)
        ),
      );
      return;
  }
}

Deno.test("any sequence of changes, crashes, faults and foreign edits converges", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { maxLength: 25 }),
      fc.record({
        vapiClockAhead: fc.integer({ min: -240_000, max: 240_000 }),
        hidesHeaders: fc.boolean(),
      }),
      async (events, options) => {
        const world = createSyncWorld(options);
        const attached = new Map<string, string[]>();
        for (const next of events) await happen(world, next, attached);

        // Dead holders' leases run out; then one sync puts everything right. Only what others did at
        // Vapi needs it to look there.
        world.now += 31_000;
        const force = events.some(({ event }) => event === "edit" || event === "delete");
        for (
          const { status, error } of await syncAgents(world.ports(), {
            ...input,
            force,
          })
        ) {
          assert.match(status, /^(synced|unchanged)$/, error);
        }
        for (const role of AGENT_ROLES) {
          const [assistant, ...others] = world.ours(role);
          assert.ok(assistant, "an assistant exists");
          assert.deepEqual(others, [], "no second assistant exists");
          const ports = world.ports();
          const state = await ports.agents.readAgentSync({
            org_id: ORG_ID,
            role,
          });
          assert.equal(state.code, "read");
          const desired = renderDesired(state as never, ports.webhook);
          assert.deepEqual(compareAssistant(desired.body, assistant), []);
          // Not `compareAssistant`, which ignores what Vapi hides.
          assert.deepEqual(assistant.server, desired.body.server);
          const { toolIds } = assistant.model as { toolIds: string[] };
          for (const tool of attached.get(assistant.id) ?? []) {
            assert.ok(toolIds.includes(tool));
          }
          assert.equal(world.agent(role).vapi_assistant_id, assistant.id);
        }
        world.takeCalls();
        const again = await syncAgents(world.ports(), input);
        assert.deepEqual(again.map(({ status }) => status), [
          "unchanged",
          "unchanged",
        ]);
        assert.deepEqual(world.takeCalls(), [], "a second sync makes no call");
      },
    ),
    { numRuns: 500 },
  );
});
