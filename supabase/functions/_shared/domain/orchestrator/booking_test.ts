import assert from "node:assert/strict";
import {
  choose,
  createConversation,
  createId,
  write,
} from "../../../../../tests/in_memory/create_conversation.ts";
import { createAgentData } from "../../../../../tests/in_memory/create_agent_data.ts";

const hours = { monday: ["08:00-17:00"] };

Deno.test("nobody cancels somebody else's booking, of this organization or another", async () => {
  const data = createAgentData();
  for (const org_id of ["org-1", "org-2"]) {
    data.bookings.push({
      id: createId(),
      org_id,
      contact_id: "somebody",
      resource: "appointments",
      starts_at: "2026-11-23T08:00:00.000Z",
      minutes: 30,
      state: "booked",
    });
  }
  const said = [/Only its owner/, /isn't there any more/];
  for (const [place, { id }] of data.bookings.entries()) {
    const conversation = createConversation({ data, hours });
    await conversation.say(choose(`do:sales:cancel:booking_id=${id}`));
    assert.match(JSON.stringify(await conversation.say(write("yes"))), said[place]!);
  }
  assert.deepEqual(data.bookings.map(({ state }) => state), ["booked", "booked"]);
});

Deno.test("of two who want the same time one has it, and the other is told what is free", async () => {
  const data = createAgentData();
  const people = [createConversation({ data, hours }), createConversation({ data, hours })];
  for (const person of people) {
    await person.say(choose("do:sales:book:date=2026-11-23&time=10:00"));
  }
  const [first, second] = await Promise.all(people.map((person) => person.say(write("yes"))));
  const replies = JSON.stringify([first, second]);
  assert.match(replies, /is booked/);
  assert.match(replies, /that time is taken.*10:30/);
  assert.equal(data.bookings.length, 1);
});

Deno.test("a table that is declined, or cancelled, is free again for the next guest", async () => {
  const data = createAgentData();
  const owner = createConversation({ data });
  const listing_id = createId();
  data.listings.push({
    id: listing_id,
    domain: "waiter",
    side: "offer",
    title: "Grill",
    description: "",
    category: null,
    price: null,
    currency: "RWF",
    price_unit: null,
    quantity: null,
    place: null,
    attributes: { tables: 1 },
    org_id: "org-1",
    contact_id: owner.contactId,
    state: "active",
    created_at: "2026-11-19T00:00:00Z",
  });
  const row = `do:waiter:reserve:listing_id=${listing_id}&people=2&date=2026-11-23&time=12:00`;
  const reserve = async () => {
    const guest = createConversation({ data, hours });
    await guest.say(choose(row));
    return { guest, said: JSON.stringify(await guest.say(write("yes"))) };
  };
  const states = () => data.applications.map(({ state }) => state);

  assert.match((await reserve()).said, /do:waiter:cancel/);
  assert.match((await reserve()).said, /that time is taken/, "there is one table");
  await owner.say(write("orders I received"));
  await owner.say(choose(`do:waiter:answer:application_id=${data.applications[0]!.id}`));
  await owner.say(write("decline"));
  await owner.say(write("yes"));
  assert.deepEqual(states(), ["declined"]);

  const { guest, said } = await reserve();
  assert.match(said, /do:waiter:cancel/, "declined it is free again");
  await guest.say(choose(`do:waiter:cancel:booking_id=${data.bookings.at(-1)!.id}`));
  await guest.say(write("yes"));
  assert.deepEqual(states(), ["declined", "withdrawn"]);
  assert.match((await reserve()).said, /do:waiter:cancel/, "and so is what is cancelled");
});
