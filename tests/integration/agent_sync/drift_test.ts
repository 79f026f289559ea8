import { deepEqual, equal } from "node:assert/strict";
import { at, fieldsOf } from "../../in_memory/read_answer.ts";
import { createMember, type Tenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { clearRequests, readVapi } from "../support/workspace.ts";
import {
  askVapi,
  connectTenant,
  get,
  listMethods,
  post,
  readAgent,
  readAssistant,
  runWorker,
} from "./agents.ts";

/** As if this organization's assistants alone had not been looked at for long. */
async function checkDrift({ orgId }: Tenant, policy: "repair" | "report") {
  await queryDatabase(
    "update public.organization_settings set drift_policy = $2 where org_id = $1::text::uuid",
    [orgId, policy],
  );
  await queryDatabase(
    `update public.agents
     set drift_claimed_at = case when org_id = $1::text::uuid then null else now() end`,
    [orgId],
  );
  await runWorker("check_drift");
}

const readDrift = async ({ orgId }: Tenant) => {
  const [row] = await queryDatabase<{ status: string; differences: unknown; alerts: number }>(
    `select agent.drift_status as status, agent.drift_differences as differences,
       (select count(*)::int from public.alerts as alert
        where alert.org_id = agent.org_id and alert.rule = 'assistant_drifted'
          and alert.resolved_at is null) as alerts
     from public.agents as agent where agent.org_id = $1::text::uuid and agent.role = 'inbound'`,
    [orgId],
  );
  return row!;
};

Deno.test("drift: what is in step costs one GET an assistant", async () => {
  const tenant = await connectTenant();
  await checkDrift(tenant, "report");
  deepEqual(await listMethods(tenant), ["GET", "GET"]);
  deepEqual(await readDrift(tenant), { status: "in_step", differences: null, alerts: 0 });
});

Deno.test("drift: an edit at Vapi is reported field by field, and stays", async () => {
  const tenant = await connectTenant();
  const { vapi_assistant_id, first_message } = await readAgent(tenant, "inbound");
  await askVapi(tenant, "PATCH", `/assistant/${vapi_assistant_id}`, {
    firstMessage: "Edited.",
    maxDurationSeconds: 61,
  });
  await checkDrift(tenant, "report");
  deepEqual(await readDrift(tenant), {
    status: "drifted",
    differences: [
      { field: "firstMessage", applied: first_message, actual: "Edited." },
      { field: "maxDurationSeconds", applied: 600, actual: 61 },
    ],
    alerts: 1,
  });
  equal((await readAssistant(tenant, "inbound")).firstMessage, "Edited.");

  const viewer = await createMember(tenant.orgId, "viewer");
  const asOwner = await get(tenant, "status");
  equal(at(asOwner.body, "agents.0.drift.status"), "drifted");
  equal(at(asOwner.body, "agents.0.drift.differences.0.actual"), "Edited.");
  const asViewer = await get(tenant, "status", viewer.token);
  deepEqual(at(asViewer.body, "agents.0.drift.differences"), [
    { field: "firstMessage" },
    { field: "maxDurationSeconds" },
  ]);

  const repaired = await post(tenant, "sync", { force: true });
  equal(repaired.status, 200, repaired.text);
  equal((await readAssistant(tenant, "inbound")).firstMessage, first_message);
  equal((await readDrift(tenant)).alerts, 0);
});

Deno.test("drift: an edit at Vapi is repaired where the organization wants it", async () => {
  const tenant = await connectTenant();
  const { vapi_assistant_id, first_message } = await readAgent(tenant, "inbound");
  await askVapi(tenant, "PATCH", `/assistant/${vapi_assistant_id}`, { firstMessage: "Edited." });
  await checkDrift(tenant, "repair");
  equal((await readAssistant(tenant, "inbound")).firstMessage, first_message);
  deepEqual(await readDrift(tenant), { status: "in_step", differences: null, alerts: 0 });
});

Deno.test("drift: an assistant deleted at Vapi is missing, or made anew", async () => {
  for (const policy of ["report", "repair"] as const) {
    const tenant = await connectTenant();
    const { vapi_assistant_id } = await readAgent(tenant, "inbound");
    await askVapi(tenant, "DELETE", `/assistant/${vapi_assistant_id}`);
    await checkDrift(tenant, policy);
    const { status, alerts } = await readDrift(tenant);
    const { assistants } = await readVapi(tenant.accounts.vapi.key);
    deepEqual(
      [status, alerts, assistants.length],
      policy === "report" ? ["missing", 1, 1] : ["in_step", 0, 2],
    );
  }
});

Deno.test("orphans: ours that no row knows are listed, adopted or deleted; others never", async () => {
  const tenant = await connectTenant();
  const { id: agent_id, vapi_assistant_id } = await readAgent(tenant, "inbound");
  const make = async (name: string, metadata?: object) =>
    String(
      (await askVapi(tenant, "POST", "/assistant", { name, ...(metadata && { metadata }) })).id,
    );
  const ours = { org_id: tenant.orgId, agent_id, role: "inbound" };
  const first = await make("first", ours);
  const second = await make("second", ours);
  const foreign = await make("foreign");
  const others = await make("others", { ...ours, org_id: crypto.randomUUID() });

  const listed = await post(tenant, "orphans", undefined, { method: "POST" });
  equal(listed.status, 200, listed.text);
  // In no order: Vapi lists by the time of creation, which both may have to the millisecond.
  deepEqual(
    (at(listed.body, "orphans") as { assistantId: string }[])
      .map(({ assistantId }) => assistantId).sort(),
    [first, second].sort(),
  );
  for (const id of [foreign, others, vapi_assistant_id]) {
    const refused = await post(tenant, "orphans", { dryRun: false, delete: [id] });
    equal(refused.status, 400, refused.text);
    deepEqual(fieldsOf(refused.body), ["delete.0"]);
  }

  const done = await post(tenant, "orphans", { dryRun: false, adopt: [first], delete: [second] });
  equal(done.status, 200, done.text);
  equal(at(done.body, "success"), true);
  equal((await readAgent(tenant, "inbound")).vapi_assistant_id, first);
  equal((await readAssistant(tenant, "inbound")).name, (await readAgent(tenant, "inbound")).name);
  const { assistants } = await readVapi(tenant.accounts.vapi.key);
  const ids = assistants.map(({ id }) => id);
  equal(ids.includes(second), false);
  equal([foreign, others, String(vapi_assistant_id)].every((id) => ids.includes(id)), true);
  const audited = await queryDatabase<{ action: string; subject: string }>(
    `select action, subject from public.audit_log
     where org_id = $1::text::uuid and action like 'assistant_%' order by action`,
    [tenant.orgId],
  );
  deepEqual(audited, [
    { action: "assistant_adopted", subject: "inbound" },
    { action: "assistant_deleted", subject: second },
  ]);
  await clearRequests("vapi", tenant.accounts.vapi.key);
});
