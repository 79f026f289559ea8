import assert from "node:assert/strict";
import { queryDatabase } from "../../support/query_database.ts";
import {
  createWhatsappTenant,
  deliver,
  eventually,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";

type Reply = { contact: string; type: string; content: { text: string } };

Deno.test("who lists what another one looks for is told, and both see it by the words they are told", async () => {
  const tenant = await createWhatsappTenant();
  await queryDatabase(
    "update public.organization_settings set daily_token_budget = 0 where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  const seller = "250788000101";
  const buyer = "250788000102";
  const read = (phone: string) =>
    queryDatabase<Reply>(
      `select type, content from public.outbound_messages as message
       join public.contact_identities as identity
         on identity.org_id = message.org_id and identity.contact_id = message.contact_id
       where message.org_id = $1::text::uuid and identity.value = $2 order by message.sequence`,
      [tenant.orgId, phone],
    );
  const say = async (from: string, text: string) => {
    const before = (await read(from)).length;
    const messages = [writeMessage({ from, text })];
    await deliver(writeDelivery(tenant.phoneNumberId, { messages }));
    const all = await eventually(() => read(from), (rows) => rows.length > before);
    return all.slice(before);
  };
  await say(buyer, "hello");
  await queryDatabase(
    `insert into public.unified_listings (org_id, contact_id, domain, side, title, price)
     select org_id, contact_id, 'marketplace', 'request', 'A sofa wanted', 200000
     from public.contact_identities where org_id = $1::text::uuid and value = $2`,
    [tenant.orgId, buyer],
  );
  for (const text of ["I want to sell my sofa", "Brown, like new", "150k", "Kigali"]) {
    await say(seller, text);
  }
  await say(seller, "yes");
  const told = await eventually(
    () => read(buyer),
    (rows) => rows.some(({ content }) => content.text.includes('Write "matches"')),
  );
  assert.match(JSON.stringify(told), /A new offer fits what you are looking for/);
  assert.match(JSON.stringify(await say(buyer, "matches")), /do:marketplace:view:listing_id=/);
  assert.match(JSON.stringify(await say(seller, "ibihuye")), /A sofa wanted/);
});
