import { deepEqual, equal, ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { at, fieldsOf } from "../../in_memory/read_answer.ts";
import { createTenant, type Tenant } from "../../support/create_tenant.ts";
import { callFunction } from "../../support/call_function.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { clearRequests, saveWorkspace } from "../support/workspace.ts";
import { listPhoneTools } from "../../../supabase/functions/_shared/domain/tools/list_phone_tools.ts";
import { TOOLS } from "../../../supabase/functions/_shared/domain/tools/registry.ts";
import {
  askVapi,
  connectTenant,
  listMethods,
  post,
  readAgent,
  readAssistant,
  runWorker,
} from "./agents.ts";

type Offered = {
  type: string;
  function?: { name: string; parameters: { properties: Record<string, unknown> } };
  server?: { url: string; headers: Record<string, string> };
};

async function readTools(tenant: Tenant, role: "inbound" | "outbound"): Promise<Offered[]> {
  const { model } = await readAssistant(tenant, role) as { model: { tools?: Offered[] } };
  return model.tools ?? [];
}
const namesOf = (tools: Offered[]) =>
  tools.map(({ type, function: offered }) => offered?.name ?? type);
const enable = (tenant: Tenant, enabled_tools: string[], query = "") =>
  saveWorkspace(tenant, { body: { enabled_tools }, query });

Deno.test("assistants have the tools of their role, then those that are enabled", async () => {
  const tenant = await connectTenant();
  for (const role of ["inbound", "outbound"] as const) {
    deepEqual(namesOf(await readTools(tenant, role)), listPhoneTools([], role));
  }

  const tried = await enable(tenant, ["take_message"], "?dry_run=true");
  equal(tried.status, 200, tried.text);
  equal(at(tried.body, "agents.0.status"), "planned");
  deepEqual(namesOf(await readTools(tenant, "inbound")), listPhoneTools([], "inbound"));

  await clearRequests("vapi", tenant.accounts.vapi.key);
  const saved = await enable(tenant, ["book_appointment", "take_message", "hand_over"]);
  equal(saved.status, 200, saved.text);
  equal(at(saved.body, "steps.agentsSynced"), true);
  deepEqual((await listMethods(tenant)).toSorted(), ["GET", "GET", "GET", "GET", "PATCH", "PATCH"]);
  for (const role of ["inbound", "outbound"] as const) {
    deepEqual(namesOf(await readTools(tenant, role)), ["take_message", "book_appointment"]);
  }
  await clearRequests("vapi", tenant.accounts.vapi.key);
  equal((await enable(tenant, ["hand_over", "take_message", "book_appointment"])).status, 200);
  deepEqual(await listMethods(tenant), [], "another order is nothing new");
});

Deno.test("a tool that there isn't is refused by its place, and nothing is stored", async () => {
  const tenant = await createTenant();
  const { status, body } = await enable(tenant, ["take_message", "take_money"]);
  equal(status, 400);
  equal(body.code, "invalid_input");
  deepEqual(fieldsOf(body), ["enabled_tools.1"]);
  const [settings] = await queryDatabase<{ enabled_tools: string[] }>(
    "select enabled_tools from public.organization_settings where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  deepEqual(settings?.enabled_tools, []);
});

Deno.test("a tool taken away at Vapi is drift; what people attached there is kept", async () => {
  const tenant = await connectTenant();
  const { vapi_assistant_id } = await readAgent(tenant, "inbound");
  const { model } = await readAssistant(tenant, "inbound") as { model: { tools: Offered[] } };
  const before = model.tools;
  const kept = before.filter((tool) => tool.function?.name !== "take_message");
  await askVapi(tenant, "PATCH", `/assistant/${vapi_assistant_id}`, {
    model: { ...model, tools: [{ type: "endCall" }, ...kept] },
  });
  await queryDatabase(
    "update public.organization_settings set drift_policy = 'repair' where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  await queryDatabase(
    `update public.agents
     set drift_claimed_at = case when org_id = $1::text::uuid then null else now() end`,
    [tenant.orgId],
  );
  await runWorker("check_drift");
  deepEqual(await readTools(tenant, "inbound"), [...before, { type: "endCall" }]);
  const again = await post(tenant, "sync", { force: true });
  equal(at(again.body, "agents.0.status"), "unchanged");
});

Deno.test("every tool that an assistant has is answered by the webhook it names, and no other", async () => {
  const tenant = await connectTenant();
  for (const role of ["inbound", "outbound"] as const) {
    const { vapi_assistant_id } = await readAgent(tenant, role);
    const tools = await readTools(tenant, role);
    const call = {
      id: randomUUID(),
      type: role === "inbound" ? "inboundPhoneCall" : "outboundPhoneCall",
      status: "in-progress",
      assistantId: vapi_assistant_id,
      customer: { number: "+250788123456" },
    };
    const answered: string[] = [];
    for (const name of Object.keys(TOOLS)) {
      const { status, body } = await callFunction("unified-webhook/vapi", {
        headers: tools[0]!.server!.headers,
        body: {
          message: {
            type: "tool-calls",
            call,
            toolCallList: [{
              id: randomUUID(),
              type: "function",
              function: { name, arguments: {} },
            }],
          },
        },
      });
      equal(status, 200);
      const [result] = body.results as { result?: string; error?: string }[];
      const said = result?.result ?? result?.error ?? "";
      ok(said !== "" && !/not possible at the moment/.test(said), `${name}: ${said}`);
      if (!/switched off|for chats/.test(said)) answered.push(name);
    }
    deepEqual(answered, namesOf(tools));
  }
});
