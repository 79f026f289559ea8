import assert from "node:assert/strict";
import fc from "fast-check";
import {
  createSyncWorld,
  ORG_ID,
  type SyncWorld,
  type VapiFault,
} from "../../../../tests/in_memory/create_sync_world.ts";
import type { AgentChange } from "../domain/behavior/behavior_columns.ts";
import { compareAssistant } from "../domain/sync_plan/compare_assistant.ts";
import { AGENT_ROLES, type AgentRole, type AgentRow, type Connect } from "../ports.ts";
import type { AgentStore } from "../ports_voice_agents.ts";
import { renderDesired } from "./render_desired.ts";
import { syncAgent } from "./sync_agent.ts";
import { updateAgentBehavior } from "./update_agent_behavior.ts";

type Values = AgentChange["set"];
type Dying = { crashAt: number; faults: (VapiFault | null)[] };
type Step =
  | { kind: "update"; changes: Partial<Record<AgentRole, Values>>; dying: Dying }
  | { kind: "two at once"; role: AgentRole; left: Values; right: Values; dying: Dying }
  | { kind: "sync"; role: AgentRole; dying: Dying }
  | { kind: "wait"; seconds: number }
  | { kind: "deleted at Vapi"; role: AgentRole };

const ALIVE = { crashAt: Infinity, faults: [] };

/** What the database's function does, in a process that may die around it. */
function openStore(world: SyncWorld, process: Parameters<SyncWorld["within"]>[0]) {
  const store: Pick<AgentStore, "updateAgentBehavior"> = {
    updateAgentBehavior({ changes }) {
      const roles = AGENT_ROLES.filter((role) => changes[role] !== undefined);
      const agents = roles.map((role) => {
        const set = changes[role]?.set ?? {};
        world.change(role, set as Partial<AgentRow>);
        const { id, revision } = world.agent(role);
        return { role, id, revision, changed: Object.keys(set), created: false };
      });
      return Promise.resolve({ code: "updated", agents, vapi_connected: true });
    },
  };
  return world.within(process, store);
}

/** Ends with the answer, or with nothing where the process died or Vapi refused. */
async function update(
  world: SyncWorld,
  changes: Partial<Record<AgentRole, Values>>,
  dying: Dying,
): Promise<{ acknowledged: boolean }> {
  const process = { steps: 0, crashAt: dying.crashAt, faults: [...dying.faults] };
  const ports = world.ports(process);
  try {
    await updateAgentBehavior({
      ...ports,
      connect: ports.connect as Connect,
      workspace: undefined as never,
      behavior: openStore(world, process),
    }, {
      orgId: ORG_ID,
      userId: "user-1",
      requestId: "request-1",
      input: {
        changes: Object.fromEntries(
          Object.entries(changes).map(([role, set]) => [role, { set, reset: [] }]),
        ),
        names: {},
        notices: [],
      },
      ifMatch: null,
    });
    return { acknowledged: true };
  } catch {
    return { acknowledged: false };
  }
}

/** What each field may be: the last value that was acknowledged, or one of those since. */
type Allowed = Record<AgentRole, Record<string, Set<unknown>>>;

function allow(allowed: Allowed, role: AgentRole, values: Values, { only }: { only: boolean }) {
  for (const [column, value] of Object.entries(values)) {
    const known = allowed[role][column];
    if (only || known === undefined) allowed[role][column] = new Set([value]);
    else known.add(value);
  }
}

async function play(world: SyncWorld, steps: Step[]): Promise<Allowed> {
  const allowed: Allowed = { inbound: {}, outbound: {} };
  for (const role of AGENT_ROLES) {
    const { name, first_message, system_prompt, max_call_duration, language } = world.agent(role);
    const values = { name, first_message, system_prompt, max_call_duration, language };
    allow(allowed, role, values, { only: true });
  }
  for (const step of steps) {
    world.now += 1_000;
    switch (step.kind) {
      case "update": {
        const { acknowledged } = await update(world, step.changes, step.dying);
        for (const role of AGENT_ROLES) {
          allow(allowed, role, step.changes[role] ?? {}, { only: acknowledged });
        }
        break;
      }
      case "two at once": {
        const changes = [step.left, step.right];
        await Promise.all([
          update(world, { [step.role]: step.left }, step.dying),
          update(world, { [step.role]: step.right }, ALIVE),
        ]);
        for (const values of changes) allow(allowed, step.role, values, { only: false });
        break;
      }
      case "sync":
        await syncAgent(world.ports({ ...step.dying, faults: [...step.dying.faults] }), {
          orgId: ORG_ID,
          requestId: "request-2",
          role: step.role,
        });
        break;
      case "wait":
        world.now += step.seconds * 1_000;
        break;
      case "deleted at Vapi":
        for (const { id } of world.ours(step.role)) world.account(world.key ?? "").delete(id);
        // Somebody saves something afterwards, or nobody would ever look.
        world.change(step.role, {});
        break;
    }
  }
  return allowed;
}

/** What the worker does until nothing is left to do. */
async function settle(world: SyncWorld): Promise<void> {
  for (let round = 0; round < 3; round++) {
    world.now += 31_000;
    for (const role of AGENT_ROLES) {
      await syncAgent(world.ports(), { orgId: ORG_ID, requestId: "worker", role });
    }
  }
}

async function assertConverged(world: SyncWorld, allowed: Allowed): Promise<void> {
  for (const role of AGENT_ROLES) {
    const ports = world.ports();
    const state = await ports.agents.readAgentSync({ org_id: ORG_ID, role });
    assert.equal(state.code, "read");
    const desired = renderDesired(state as never, ports.webhook);
    const [assistant, ...others] = world.ours(role);
    assert.ok(assistant, `the ${role} agent has an assistant`);
    assert.deepEqual(others, [], `the ${role} agent has one assistant`);
    assert.deepEqual(compareAssistant(desired.body, assistant), []);
    const agent = world.agent(role);
    assert.equal(agent.vapi_assistant_id, assistant.id);
    assert.equal(agent.applied_hash, desired.hash);
    assert.equal(agent.sync_status, "synced");
    for (const [column, values] of Object.entries(allowed[role])) {
      const value = (agent as unknown as Record<string, unknown>)[column];
      assert.ok(values.has(value), `${role}.${column} is ${value}, of ${[...values]}`);
    }
    world.takeCalls();
    const again = await syncAgent(world.ports(), { orgId: ORG_ID, requestId: "again", role });
    assert.equal(again.status, "unchanged");
    assert.deepEqual(world.takeCalls(), [], "nothing is asked once it has converged");
  }
}

const text = fc.constantFrom("A", "B", "C");
const values = fc.record({
  name: text,
  first_message: text,
  system_prompt: text,
  language: fc.constantFrom("en", "fr"),
  max_call_duration: fc.integer({ min: 60, max: 65 }),
}, { requiredKeys: [] });
const role = fc.constantFrom(...AGENT_ROLES);
const dying = fc.record({
  crashAt: fc.oneof(fc.constant(Infinity), fc.nat({ max: 24 })),
  faults: fc.array(
    fc.constantFrom<VapiFault | null>(null, null, "down", "lost", "rate_limited", "unauthorized"),
    { maxLength: 4 },
  ),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("update" as const),
      changes: fc.record({ inbound: values, outbound: values }, { requiredKeys: [] })
        .filter((changes) => Object.keys(changes).length > 0),
      dying,
    }),
    fc.record({
      kind: fc.constant("two at once" as const),
      role,
      left: values,
      right: values,
      dying,
    }),
    fc.record({ kind: fc.constant("sync" as const), role, dying }),
    fc.record({ kind: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant("deleted at Vapi" as const), role }),
  ),
  { maxLength: 8 },
);

Deno.test("updates, deaths between any two steps and syncs converge to what is wanted", async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (played, hidesHeaders) => {
      const world = createSyncWorld({ hidesHeaders });
      const allowed = await play(world, played);
      await settle(world);
      await assertConverged(world, allowed);
    }),
    { numRuns: 400 },
  );
});

Deno.test("an update that dies at any step is either stored or was never made", async () => {
  let died = true;
  for (let crashAt = 0; died; crashAt++) {
    assert.ok(crashAt < 100, "it ends");
    const world = createSyncWorld();
    await syncAgent(world.ports(), { orgId: ORG_ID, requestId: "before", role: "inbound" });
    await syncAgent(world.ports(), { orgId: ORG_ID, requestId: "before", role: "outbound" });
    const { acknowledged } = await update(world, { inbound: { first_message: "New." } }, {
      crashAt,
      faults: [],
    });
    died = !acknowledged;
    await settle(world);
    const stored = world.agent("inbound").first_message === "New.";
    assert.ok(stored || died, "what was acknowledged is stored");
    await assertConverged(world, { inbound: {}, outbound: {} });
  }
});
