import { deepEqual, equal } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { at } from "../../in_memory/read_answer.ts";
import { queryDatabase } from "../../support/query_database.ts";
import {
  ask,
  createOpsTenant,
  type OpsTenant,
  post,
  randomPhone,
  readOperations,
} from "./support.ts";
import { say, untilTelephone } from "./telephone.ts";

type Listed = { agent: string; state: string; reason: string | null };

async function listAgents({ member }: OpsTenant): Promise<Listed[]> {
  const { body } = await ask("/agents", member);
  return (at(body, "agents") as unknown as Listed[])
    .map(({ agent, state, reason }) => ({ agent, state, reason }));
}

Deno.test("ops: an agent that is switched off answers nobody there, until it is switched on", async () => {
  const [tenant, other] = await Promise.all([createOpsTenant(), createOpsTenant()]);
  const agents = await listAgents(tenant);
  equal(agents.length, 10);
  deepEqual([...new Set(agents.map(({ state }) => state))], ["on"]);

  const off = { on: false, reason: "Prices are wrong" };
  const key = randomUUID();
  const switched = await post("/agents/insurance/switch", tenant.admin, off, key);
  deepEqual([switched.status, switched.body["state"]], [200, "off"], switched.text);
  const again = await post("/agents/insurance/switch", tenant.admin, off, key);
  deepEqual([again.status, again.body], [200, switched.body]);
  equal(again.headers.get("idempotency-replayed"), "true");
  deepEqual(
    (await listAgents(tenant)).find(({ agent }) => agent === "insurance"),
    { agent: "insurance", state: "off", reason: "Prices are wrong" },
  );
  deepEqual((await listAgents(other)).filter(({ state }) => state === "off"), []);
  const operations = await readOperations(tenant.orgId, "agent_switch");
  deepEqual(operations.map(({ actor, request_id }) => [actor, request_id]), [[
    tenant.admin.id,
    switched.body["requestId"],
  ]]);
  const [audit] = await queryDatabase<{ subject: string; details: unknown }>(
    `select subject, details from public.audit_log
     where org_id = $1::text::uuid and action = 'agent_switched_off'`,
    [tenant.orgId],
  );
  deepEqual(audit, { subject: "insurance", details: { reason: "Prices are wrong" } });

  const [here, there] = [randomPhone(), randomPhone()];
  const question = "I want to insure my motorcycle";
  await Promise.all([say(tenant, here, question), say(other, there, question)]);
  const [silent] = await untilTelephone(tenant, here, (shown) => shown.length > 0);
  const [quoted] = await untilTelephone(other, there, (shown) => shown.length > 0);
  const hasMenu = (shown = "") => shown.includes("agent:support");
  deepEqual([hasMenu(silent), hasMenu(quoted)], [true, false]);

  const on = await post("/agents/insurance/switch", tenant.owner, { on: true, reason: "Mended" });
  deepEqual([on.status, on.body["state"]], [200, "on"]);
  await say(tenant, here, question);
  const shown = await untilTelephone(tenant, here, (seen) => seen.length > 1);
  equal(hasMenu(shown.at(-1)), false);
});
