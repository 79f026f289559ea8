import { deepEqual, equal, ok } from "node:assert/strict";
import { createTenant, type Tenant, workspaceBody } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { clearRequests, listRequests, saveWorkspace } from "../support/workspace.ts";
import { askVapi, post, readAgent, runWorker } from "./agents.ts";

type Operation = {
  name: string;
  prepare?: (tenant: Tenant) => Promise<unknown>;
  act: (tenant: Tenant) => Promise<{ status: number } | void>;
  /** Requests to Vapi: this many, or from so many to so many. */
  calls: number | [number, number];
};

const save = (tenant: Tenant, fields: string[]) => {
  const body = Object.fromEntries(
    Object.entries(workspaceBody(tenant.accounts))
      .filter(([name]) => fields.some((field) => name.startsWith(field))),
  );
  return saveWorkspace(tenant, { body });
};
const locate = async (tenant: Tenant) =>
  `/assistant/${(await readAgent(tenant, "inbound")).vapi_assistant_id}`;
const change = (tenant: Tenant, inbound: object) => post(tenant, "behavior", { inbound });
const checkDrift = async (tenant: Tenant, policy: string) => {
  await queryDatabase(
    "update public.organization_settings set drift_policy = $2 where org_id = $1::text::uuid",
    [tenant.orgId, policy],
  );
  // Everything before has used the account's minute up.
  await queryDatabase("delete from public.provider_call_stats where org_id = $1::text::uuid", [
    tenant.orgId,
  ]);
  await queryDatabase(
    `update public.agents set drift_claimed_at =
       case when org_id = $1::text::uuid and role = 'inbound' then null else now() end`,
    [tenant.orgId],
  );
  await runWorker("check_drift");
};

/** In this order, for one organization. */
const OPERATIONS: Operation[] = [
  { name: "first save of a Vapi key", act: (tenant) => save(tenant, ["vapi"]), calls: 5 },
  {
    name: "save that adds the Twilio number",
    act: (tenant) => save(tenant, ["twilio"]),
    calls: 2,
  },
  {
    name: "the same save again",
    act: (tenant) => save(tenant, ["vapi", "twilio"]),
    calls: 2,
  },
  {
    name: "save that enables other tools",
    act: (tenant) => saveWorkspace(tenant, { body: { enabled_tools: ["take_message"] } }),
    calls: 6,
  },
  {
    name: "sync, nothing changed",
    act: (tenant) => post(tenant, "sync", {}),
    calls: 0,
  },
  {
    name: "sync with `force`, nothing changed there",
    act: (tenant) => post(tenant, "sync", { force: true }),
    calls: 2,
  },
  {
    name: "behaviour: the value that it has already",
    act: async (tenant) => change(tenant, { name: (await readAgent(tenant, "inbound")).name }),
    calls: 0,
  },
  {
    name: "behaviour: one field of one agent",
    act: (tenant) => change(tenant, { firstMessage: "Welcome!" }),
    calls: 3,
  },
  {
    name: "behaviour: the prompt alone",
    act: (tenant) => change(tenant, { systemPrompt: "Be brief." }),
    calls: 3,
  },
  {
    name: "behaviour: every field of one agent",
    act: (tenant) =>
      change(tenant, {
        name: "Ada",
        systemPrompt: "Be kind.",
        firstMessage: "Hello.",
        voice: "sarah",
        voiceProvider: "11labs",
        language: "fr",
        maxDurationSeconds: 120,
        voiceStability: 0.5,
        voiceSimilarityBoost: 0.25,
      }),
    calls: 3,
  },
  {
    name: "behaviour: one field of both agents",
    act: (tenant) => post(tenant, "behavior", { inbound: { name: "A" }, outbound: { name: "B" } }),
    calls: 6,
  },
  {
    name: "behaviour: ten changes at once, each to one field",
    act: async (tenant) => {
      await Promise.all(
        Array.from({ length: 10 }, (_, index) => change(tenant, { name: `Name ${index}` })),
      );
    },
    calls: [3, 30],
  },
  {
    name: "rollback",
    act: (tenant) => post(tenant, "rollback", { role: "inbound", revision: 2 }),
    calls: 3,
  },
  {
    name: "template",
    act: (tenant) => post(tenant, "from-template", { template: "after_hours", role: "inbound" }),
    prepare: ({ orgId }) =>
      queryDatabase(
        `update public.organization_settings
         set business_hours = '{"monday": ["08:00-17:00"]}', transfer_number = '+15005550199',
           test_numbers = '{+15005550198}' where org_id = $1::text::uuid`,
        [orgId],
      ),
    calls: 3,
  },
  {
    name: "activation in full mode",
    act: (tenant) => post(tenant, "activate", { role: "inbound", mode: "full" }),
    calls: 2,
  },
  { name: "pause", act: (tenant) => post(tenant, "pause", { role: "inbound" }), calls: 2 },
  {
    name: "one field, the assistant deleted at Vapi",
    prepare: async (tenant) => askVapi(tenant, "DELETE", await locate(tenant)),
    act: (tenant) => change(tenant, { firstMessage: "Welcome back!" }),
    calls: 4,
  },
  {
    name: "drift check of one assistant, in step",
    act: (tenant) => checkDrift(tenant, "report"),
    calls: 1,
  },
  {
    name: "drift check of one assistant, repaired",
    prepare: async (tenant) =>
      askVapi(tenant, "PATCH", await locate(tenant), { firstMessage: "Edited." }),
    act: (tenant) => checkDrift(tenant, "repair"),
    calls: 4,
  },
  {
    name: "orphan audit (for each 1,000 assistants)",
    act: (tenant) => post(tenant, "orphans", {}),
    calls: 1,
  },
];

Deno.test("calls to Vapi, by operation", async () => {
  const tenant = await createTenant();
  const { key } = tenant.accounts.vapi;
  const rows: Row[] = [];
  for (const { name, prepare, act, calls } of OPERATIONS) {
    await prepare?.(tenant);
    await clearRequests("vapi", key);
    const answer = await act(tenant);
    if (answer !== undefined) equal(answer.status, 200, name);
    const requests = await listRequests("vapi", key);
    const [least, most] = typeof calls === "number" ? [calls, calls] : calls;
    const made = requests.length;
    ok(made >= least && made <= most, `${name} made ${made} calls, not ${least} to ${most}`);
    const counts = Map.groupBy(
      requests,
      ({ method, path }) => `${method} ${path.replace(/\/[0-9a-f-]{36}$/, "/{id}")}`,
    );
    const which = [...counts].map(([call, { length }]) =>
      length === 1 ? call : `${call} ×${length}`
    );
    rows.push(
      least === most
        ? { name, calls: String(made), which }
        // However many of them waited for the same push.
        : { name, calls: `${least} to ${most}`, which: [...counts.keys()] },
    );
  }
  // deno-lint-ignore no-console -- The table of ARCHITECTURE.md is a copy of this.
  console.log(rows.map(writeRow).join("\n"));
  const sorted = ({ which, ...row }: Row) => ({ ...row, which: which.toSorted() });
  deepEqual((await readDocumented()).map(sorted), rows.map(sorted));
});

type Row = { name: string; calls: string; which: string[] };

function writeRow({ name, calls, which }: Row): string {
  return `| ${name} | ${calls} | ${which.join(", ")} |`;
}

/** The rows of ARCHITECTURE.md's table of calls. */
async function readDocumented(): Promise<Row[]> {
  const text = await Deno.readTextFile(new URL("../../../ARCHITECTURE.md", import.meta.url));
  const [, table = ""] = text.split(/\| Operation +\| Vapi calls +\| which +\|\n/);
  const lines = table.slice(0, table.indexOf("\n\n")).split("\n").slice(1);
  return lines.map((line) => {
    const [name = "", calls = "", which = ""] = line.split("|").slice(1).map((cell) => cell.trim());
    return { name, calls, which: which === "" ? [] : which.split(", ") };
  });
}
