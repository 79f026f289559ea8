import { deepEqual, equal } from "node:assert/strict";
import { callFunction } from "../../support/call_function.ts";
import type { Tenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { runWorker } from "../agent_sync/agents.ts";
import { clearRequests } from "../support/workspace.ts";
import {
  addDocuments,
  changeDocument,
  configureVapi,
  connectReader,
  countCalls,
  deleteDocuments,
  passMinute,
  sync,
} from "./knowledge.ts";

type Operation = {
  name: string;
  prepare?: (tenant: Tenant) => Promise<unknown>;
  act: (tenant: Tenant) => Promise<unknown>;
};

let ids: string[] = [];
const ask = async (tenant: Tenant) => {
  await passMinute(tenant);
  const answer = await sync(tenant);
  equal(answer.status, 200, answer.text);
};
const work = async ({ orgId }: Tenant) => {
  await queryDatabase(
    "update public.knowledge_syncs set due_at = now() where org_id = $1::text::uuid",
    [orgId],
  );
  await runWorker("sync_knowledge");
};
const add = async (tenant: Tenant, count: number) => {
  const texts = Array.from({ length: count }, () => ({ content: crypto.randomUUID() }));
  ids = [...ids, ...await addDocuments(tenant, texts)];
};

/** In this order, for one organization. */
const OPERATIONS: Operation[] = [
  { name: "first sync of 3 documents", prepare: (tenant) => add(tenant, 3), act: ask },
  { name: "sync that was asked for, nothing changed", act: ask },
  { name: "the worker, nothing changed", act: work },
  {
    name: "the worker, one document changed",
    prepare: () => changeDocument(ids[0]!, "Changed."),
    act: work,
  },
  {
    name: "sync that was asked for, one document changed",
    prepare: () => changeDocument(ids[0]!, "Changed again."),
    act: ask,
  },
  {
    name: "the worker, 20 documents more",
    prepare: (tenant) => add(tenant, 20),
    act: work,
  },
  {
    name: "an agent's prompt, with the tool attached",
    act: ({ owner, orgId }) =>
      callFunction("agent-sync/behavior", {
        token: owner.token,
        headers: { "x-org-id": orgId },
        body: { inbound: { systemPrompt: "Be brief." } },
      }),
  },
  {
    name: "the worker, the last 23 documents removed",
    prepare: () => deleteDocuments(ids),
    act: work,
  },
];

Deno.test("calls to Vapi, by what is done with a knowledge base", async () => {
  const tenant = await connectReader();
  await configureVapi(tenant, { filePolls: 0 });
  const rows: Row[] = [];
  for (const { name, prepare, act } of OPERATIONS) {
    await prepare?.(tenant);
    await clearRequests("vapi", tenant.accounts.vapi.key);
    await act(tenant);
    const counts = Object.entries(await countCalls(tenant));
    rows.push({
      name,
      calls: String(counts.reduce((sum, [, count]) => sum + count, 0)),
      which: counts.map(([call, count]) => count === 1 ? call : `${call} ×${count}`).toSorted(),
    });
  }
  // deno-lint-ignore no-console -- The table of ARCHITECTURE.md is a copy of this.
  console.log(
    rows.map(({ name, calls, which }) => `| ${name} | ${calls} | ${which.join(", ")} |`).join("\n"),
  );
  deepEqual(await readDocumented(), rows);
});

type Row = { name: string; calls: string; which: string[] };

/** The rows of ARCHITECTURE.md's table. */
async function readDocumented(): Promise<Row[]> {
  const text = await Deno.readTextFile(new URL("../../../ARCHITECTURE.md", import.meta.url));
  const [, table = ""] = text.split(/\| Of a knowledge base +\| Vapi calls +\| which +\|\n/);
  const [, ...lines] = table.split("\n\n")[0]!.split("\n");
  return lines.filter((line) => line.startsWith("|")).map((line) => {
    const [name = "", calls = "", which = ""] = line.split("|").slice(1).map((cell) => cell.trim());
    return { name, calls, which: which === "" ? [] : which.split(", ").toSorted() };
  });
}
