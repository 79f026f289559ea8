import { deepEqual, equal, match } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { at } from "../../in_memory/read_answer.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { eventually } from "../../support/whatsapp.ts";
import { ask, createOpsTenant, findContact, post, randomPhone, readOutbox } from "./support.ts";
import { say, untilTelephone } from "./telephone.ts";

Deno.test("ops: who asks for a person gets one, and afterwards the agents again", async () => {
  const tenant = await createOpsTenant();
  await queryDatabase(
    // The language model isn't asked: what is said here is the flows'.
    "update public.organization_settings set daily_token_budget = 0 where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  const phone = randomPhone();
  let seen = 0;
  const saySomething = async (text: string) => {
    await say(tenant, phone, text);
    const shown = await untilTelephone(tenant, phone, (all) => all.length > seen);
    seen = shown.length;
    return shown.at(-1)!;
  };
  match(await saySomething("I want to talk to a person"), /What is it about/);
  match(await saySomething("my payment"), /my payment/);
  await saySomething("yes");

  const { body } = await ask("/hand-overs?state=waiting", tenant.member);
  const [id, reason] = [at(body, "handOvers.0.id"), at(body, "handOvers.0.reason")];
  equal(reason, "my payment");
  const alert = () =>
    queryDatabase<{ state: string }>(
      "select state from public.alerts where rule = 'hand_over_waiting' and dedupe_key = $1",
      [id],
    );
  deepEqual(await alert(), [{ state: "raised" }]);
  equal((await post(`/hand-overs/${id}/take`, tenant.member)).status, 200);
  deepEqual(await alert(), [{ state: "resolved" }]);

  const reply = await post(
    `/hand-overs/${id}/reply`,
    tenant.member,
    { text: "Hello, this is Ange. Your payment has arrived." },
    randomUUID(),
  );
  equal(reply.status, 200, reply.text);
  const shown = await untilTelephone(tenant, phone, (all) => all.length > seen);
  seen = shown.length;
  match(shown.at(-1)!, /this is Ange/);

  // No agent says anything to what a person reads.
  const contactId = await findContact(tenant.orgId, phone);
  const before = await readOutbox(tenant.orgId, contactId);
  await say(tenant, phone, "Thank you! I need a job in Kigali");
  await eventually(
    () =>
      queryDatabase<{ disposition: string }>(
        `select disposition from public.inbound_messages where contact_id = $1::text::uuid
         order by sequence desc limit 1`,
        [contactId],
      ),
    ([last]) => last?.disposition === "handed_over",
  );
  const read = await ask(`/hand-overs/${id}?limit=1`, tenant.member);
  equal(at(read.body, "messages.0.content.text"), "Thank you! I need a job in Kigali");
  equal((await readOutbox(tenant.orgId, contactId)).length, before.length);

  const released = await post(`/hand-overs/${id}/release`, tenant.member);
  deepEqual([released.status, released.body["told"]], [200, true]);
  const told = await untilTelephone(tenant, phone, (all) => all.length > seen);
  equal(told.length, seen + 1);
  seen = told.length;
  match(told.at(-1)!, /Our assistant answers again/);
  deepEqual(at((await ask("/hand-overs", tenant.member)).body, "handOvers"), []);

  match(await saySomething("I want to insure my motorcycle"), /cover|comprehensive|motorcycle/i);
});
