import { deepEqual, ok } from "node:assert/strict";
import type {
  ConnectKnowledge,
  KnowledgeSyncStore,
} from "../../supabase/functions/_shared/ports_knowledge_sync.ts";
import { syncKnowledge } from "../../supabase/functions/_shared/services/sync_knowledge.ts";
import {
  addDocuments,
  changeDocument,
  configureVapi,
  connectReader,
  deleteDocuments,
  listFaults,
  readVapiKnowledge,
} from "../integration/knowledge_sync/knowledge.ts";
import { expireLeases } from "../integration/support/workspace.ts";
import { createKnowledgePorts } from "../support/create_knowledge_ports.ts";
import type { Tenant } from "../support/create_tenant.ts";
import { dieAt, type Mortal } from "./harness/die_at.ts";

/** The moments of one sync are those of its own store, of Vapi and of the agents' store. */
function createMortalPorts(mortal: Mortal) {
  const ports = createKnowledgePorts();
  const connect: ConnectKnowledge = {
    ...ports.connect,
    vapi: (...input) => mortal.wrap(ports.connect.vapi(...input)),
  };
  return {
    ...ports,
    connect,
    knowledgeSync: mortal.wrap<KnowledgeSyncStore>(ports.knowledgeSync),
    agents: mortal.wrap(ports.agents),
  };
}

const ask = ({ orgId }: Tenant, startedBy: "request" | "worker") => ({
  orgId,
  userId: "system",
  requestId: crypto.randomUUID(),
  startedBy,
  toolName: null,
  assistantRoles: null,
});

/** Whether the sync was over before its moment came. */
async function syncUntil(tenant: Tenant, moment: number): Promise<boolean> {
  const mortal = dieAt(moment);
  const work = syncKnowledge(createMortalPorts(mortal), ask(tenant, "worker"));
  return await Promise.race([work.then(() => true), mortal.died.then(() => false)]);
}

/** What the worker does once the dead one's leases are over. */
async function recover(tenant: Tenant): Promise<void> {
  await expireLeases(tenant.orgId);
  await syncKnowledge(createKnowledgePorts(), ask(tenant, "worker"));
}

/** Runs the case with a death at each moment, until one is late enough to come after the end. */
async function dieAtEach(
  test: Deno.TestContext,
  { prepare, change, contents }: {
    prepare: string[];
    change: (tenant: Tenant, ids: string[]) => Promise<unknown>;
    contents: string[];
  },
): Promise<void> {
  let moments = 0;
  for (let moment = 0;; moment += 1) {
    let isOver = false;
    const passed = await test.step(`at moment ${moment}`, async () => {
      const tenant = await connectReader();
      // Waiting for files is not what takes long here.
      await configureVapi(tenant, { filePolls: 0 });
      const ids = prepare.length === 0
        ? []
        : await addDocuments(tenant, prepare.map((content) => ({ content })));
      if (ids.length > 0) await syncKnowledge(createKnowledgePorts(), ask(tenant, "worker"));
      await change(tenant, ids);
      isOver = await syncUntil(tenant, moment);
      await recover(tenant);
      deepEqual(listFaults(await readVapiKnowledge(tenant.accounts.vapi.key), contents), []);
    });
    if (isOver || !passed) break;
    moments += 1;
    ok(moment < 200, "the sync never ends");
  }
  ok(moments > 10, `there were ${moments} moments`);
}

Deno.test("a first sync killed at each step and run again ends in one tool, no orphan file, both assistants attached", (test) =>
  dieAtEach(test, {
    prepare: [],
    change: (tenant) => addDocuments(tenant, [{ content: "One." }, { content: "Two." }]),
    contents: ["One.", "Two."],
  }));

Deno.test("a swap killed at each step and run again leaves the new text alone", (test) =>
  dieAtEach(test, {
    prepare: ["Old.", "Same."],
    change: (_, ids) => changeDocument(ids[0]!, "New."),
    contents: ["New.", "Same."],
  }));

Deno.test("a removal killed at each step and run again leaves nothing", (test) =>
  dieAtEach(test, {
    prepare: ["Only this."],
    change: (_, ids) => deleteDocuments(ids),
    contents: [],
  }));
