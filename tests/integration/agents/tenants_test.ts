import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { controlSimulator } from "../../support/control_simulator.ts";
import { queryDatabase } from "../../support/query_database.ts";
import {
  createWhatsappTenant,
  deliver,
  eventually,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";

type Row = Record<string, unknown>;
type House = Awaited<ReturnType<typeof createWhatsappTenant>> & { job: string; price: number };
type Place = { house: House; phone: string };

/** The same two people write to both organizations, from the same two numbers. */
const PHONES = ["250780", "250781"].map((code) =>
  `${code}${String(randomInt(1_000_000)).padStart(6, "0")}`
);
/** Owns the job in both. */
const OWNER = `25079${String(randomInt(10_000_000)).padStart(7, "0")}`;

async function createHouse(price: number): Promise<House> {
  const tenant = await createWhatsappTenant();
  const [row] = await queryDatabase<{ id: string }>(
    `with made as (
       insert into public.contacts (org_id, name, rollout_key) values ($1::text::uuid, 'Owner', $2)
       returning org_id, id
     ), named as (
       insert into public.contact_identities (org_id, contact_id, kind, value)
       select org_id, id, 'phone', $2 from made
     )
     insert into public.unified_listings (org_id, contact_id, domain, side, title, description, category, price,
       place_name, latitude, longitude)
     select org_id, id, 'jobs', 'offer', 'Plumber wanted', 'Fix pipes', 'plumber',
       $3::text::numeric, 'Kigali', -1.9441, 30.0619 from made
     returning id`,
    [tenant.orgId, OWNER, String(price)],
  );
  return { ...tenant, job: row!.id, price };
}

const readReplies = async ({ house, phone }: Place) =>
  await queryDatabase<{ content: Row }>(
    `select message.content from public.outbound_messages as message
     join public.contact_identities as identity
       on identity.org_id = message.org_id and identity.contact_id = message.contact_id
     where message.org_id = $1::text::uuid and identity.value = $2 order by message.sequence`,
    [house.orgId, phone],
  );

/** All of them say it at the same moment; answers what each was told since. */
async function say(places: Place[], write: (place: Place) => Row): Promise<string[]> {
  const before = await Promise.all(places.map(async (place) => (await readReplies(place)).length));
  await Promise.all(places.map((place) =>
    deliver(writeDelivery(place.house.phoneNumberId, {
      messages: [writeMessage({ from: place.phone, ...write(place) })],
    }))
  ));
  return await Promise.all(places.map(async (place, index) => {
    const replies = await eventually(
      () => readReplies(place),
      ({ length }) => length > before[index]!,
    );
    return JSON.stringify(replies.slice(before[index]!));
  }));
}

const choose = (id: string): Row => ({
  type: "interactive",
  interactive: { type: "list_reply", list_reply: { id, title: "chosen" } },
});

Deno.test("two people write the same to two organizations at once, and nothing crosses", async () => {
  const houses = await Promise.all([createHouse(111_111), createHouse(222_222)]);
  const places = houses.flatMap((house) => PHONES.map((phone) => ({ house, phone })));
  const other = ({ house }: Place) => houses.find(({ orgId }) => orgId !== house.orgId)!;
  const sayText = (text: string) => say(places, () => ({ text }));

  for (const text of ["I want to sell my old fridge for 80k", "Works", "Kigali", "yes"]) {
    await sayText(text);
  }
  for (const [index, told] of (await sayText("plumber job in Kigali")).entries()) {
    const place = places[index]!;
    assert.ok(told.includes(place.house.job) && !told.includes(other(place).job), told);
  }
  const shown = await say(places, ({ house }) => choose(`do:jobs:view:listing_id=${house.job}`));
  for (const [index, told] of shown.entries()) {
    assert.ok(told.includes(places[index]!.house.price.toLocaleString("en-US")), told);
  }
  // What somebody would need to act on the other organization's: its row's id.
  const crossed = await say(
    places,
    (place) => choose(`do:jobs:view:listing_id=${other(place).job}`),
  );
  for (const told of crossed) assert.match(told, /no longer listed/);
  await say(places, (place) => choose(`do:jobs:apply:listing_id=${other(place).job}`));
  await sayText("skip");
  for (const told of await sayText("yes")) assert.match(told, /isn't there any more/);
  await say(places, ({ house }) => choose(`do:jobs:apply:listing_id=${house.job}`));
  await sayText("skip");
  await sayText("yes");

  for (const house of houses) {
    const { orgId, accounts, phoneNumberId } = house;
    const read = (statement: string) => queryDatabase<Row>(statement, [orgId]);
    assert.deepEqual(
      await read(
        `select identity.value as owner, listing.title from public.unified_listings as listing
         join public.contact_identities as identity
           on identity.org_id = listing.org_id and identity.contact_id = listing.contact_id
         where listing.org_id = $1::text::uuid order by listing.title collate "C", 1`,
      ),
      [
        { owner: OWNER, title: "Plumber wanted" },
        ...PHONES.toSorted().map((owner) => ({ owner, title: "fridge" })),
      ].toSorted((one, two) => one.title < two.title ? -1 : one.title > two.title ? 1 : 0),
      "what each made is theirs, in their organization",
    );
    assert.deepEqual(
      await read(
        `select identity.value as applicant, application.listing_id::text as job
         from public.unified_applications as application
         join public.contact_identities as identity
           on identity.org_id = application.org_id and identity.contact_id = application.contact_id
         where application.org_id = $1::text::uuid order by 1`,
      ),
      PHONES.toSorted().map((applicant) => ({ applicant, job: house.job })),
    );
    assert.deepEqual(
      await read(
        `select identity.value as phone, session.current_agent as agent, session.flow
         from public.unified_sessions as session
         join public.contact_identities as identity
           on identity.org_id = session.org_id and identity.contact_id = session.contact_id
         where session.org_id = $1::text::uuid order by 1`,
      ),
      PHONES.toSorted().map((phone) => ({ phone, agent: "jobs", flow: null })),
    );
    // All that is to be sent: to its own people, of its own rows.
    const foreign = houses.find(({ orgId: id }) => id !== orgId)!;
    const queued = await read(
      `select identity.value as phone, message.kind, message.content::text as text
       from public.outbound_messages as message
       join public.contact_identities as identity
         on identity.org_id = message.org_id and identity.contact_id = message.contact_id
       where message.org_id = $1::text::uuid`,
    );
    for (const { phone, text } of queued) {
      assert.ok([...PHONES, OWNER].includes(String(phone)));
      assert.ok(!String(text).includes(foreign.job), String(text));
      assert.ok(!String(text).includes(foreign.price.toLocaleString("en-US")), String(text));
    }
    assert.equal(queued.filter(({ phone }) => phone === OWNER).length, 2, "one of each applicant");
    // And what WhatsApp was given: from this organization's number, each reply once.
    const replies = queued.filter(({ kind }) => kind === "reply");
    const { messages } = await eventually(
      () =>
        controlSimulator<{ messages: { phone_number_id: string; body: Row }[] }>("graph", "GET", {
          path: `state?account=${accounts.whatsapp.businessAccountId}`,
        }),
      ({ messages }) => messages.length >= replies.length,
    );
    assert.equal(messages.length, replies.length);
    for (const { phone_number_id: from, body } of messages) {
      assert.equal(from, phoneNumberId);
      assert.ok(PHONES.includes(String(body["to"])));
    }
  }
});
