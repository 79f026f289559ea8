import { deepEqual, equal, match } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import { callRpc } from "../../support/call_rpc.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { eventually } from "../../support/whatsapp.ts";
import { ask, createOpsTenant, findContact, post, randomPhone, receive } from "./support.ts";
import { runWorker, untilTelephone } from "./telephone.ts";

/** As when whoever had the turn died and its lease is over. */
const passLease = (contactId: string) =>
  queryDatabase(
    `update public.contact_queues
     set turn_leased_until = now() - interval '1 second', turn_due_at = now() - interval '1 second'
     where contact_id = $1::text::uuid`,
    [contactId],
  );

Deno.test("ops: whom every turn was interrupted for is told once, and answered when somebody looks", async () => {
  const tenant = await createOpsTenant();
  const phone = randomPhone();
  await receive(tenant, { text: "I want to insure my motorcycle", phone });
  const contactId = await findContact(tenant.orgId, phone);
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const claim = await callRpc<{ code: string }>("claim_turn", {
      org_id: tenant.orgId,
      contact_id: contactId,
      lease_seconds: 60,
      max_attempts: 5,
    });
    equal(claim.code, "claimed", `attempt ${attempt}`);
    await passLease(contactId);
  }
  const told = await eventually(async () => {
    await runWorker("finish_turns");
    return await untilTelephone(tenant, phone, () => true);
  }, (shown) => shown.length > 0);
  equal(told.length, 1);
  match(told[0]!, /something went wrong on our side/);

  const { body } = await ask("/failed-conversations", tenant.member);
  deepEqual(
    [at(body, "conversations.0.agent"), at(body, "conversations.0.failures")],
    [null, 1],
  );
  const agents = await ask("/agents", tenant.member);
  deepEqual(
    (at(agents.body, "agents") as unknown as { consecutive_failures: number }[])
      .filter(({ consecutive_failures }) => consecutive_failures > 0),
    [],
  );

  const id = String(at(body, "conversations.0.id"));
  equal((await post(`/failed-conversations/${id}/replay`, tenant.admin)).status, 200);
  const shown = await eventually(async () => {
    await runWorker("finish_turns");
    return await untilTelephone(tenant, phone, () => true);
  }, (seen) => seen.length > 1);
  equal(shown.length, 2);
  match(shown[1]!, /motorcycle/i);
});
