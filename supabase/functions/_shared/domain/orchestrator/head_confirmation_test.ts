import assert from "node:assert/strict";
import { CALLING, createAgentData } from "../../../../../tests/in_memory/create_agent_data.ts";
import {
  choose,
  createConversation,
  write,
} from "../../../../../tests/in_memory/create_conversation.ts";
import { LANGUAGES } from "../session/service_menu.ts";

const JOB = "a0000000-0000-4000-8000-000000000001";
const OWN = "a0000000-0000-4000-8000-000000000002";
const SENT = "a0000000-0000-4000-8000-000000000003";
const BOOKING = "a0000000-0000-4000-8000-000000000004";

function open(language: typeof LANGUAGES[number]) {
  const data = createAgentData();
  const conversation = createConversation({ data, orgId: "org-1", language });
  const me = conversation.contactId;
  const listing = {
    org_id: "org-1",
    domain: "jobs" as const,
    side: "offer" as const,
    description: "",
    category: null,
    price: 250_000,
    currency: "RWF",
    price_unit: null,
    quantity: null,
    place: null,
    attributes: {},
    state: "active" as const,
    created_at: "2026-11-19T00:00:00Z",
  };
  data.listings.push(
    { ...listing, id: JOB, contact_id: "another", title: "Truck driver" },
    { ...listing, id: OWN, contact_id: me, title: "Night guard" },
  );
  data.applications.push({
    id: SENT,
    org_id: "org-1",
    listing_id: OWN,
    contact_id: "another",
    name: "Bea",
    kind: "application",
    state: "submitted",
    details: {},
    created_at: "2026-11-19T00:00:00Z",
  });
  data.bookings.push({
    id: BOOKING,
    org_id: "org-1",
    contact_id: me,
    resource: "appointments",
    starts_at: "2026-11-23T08:00:00Z",
    minutes: 30,
    state: "booked",
  });
  return conversation;
}

for (const language of LANGUAGES) {
  Deno.test(`what a yes is about is read back (${language})`, async () => {
    const cases: [row: string, shown: RegExp][] = [
      [`do:jobs:apply:listing_id=${JOB}&note=Ready`, /^\*Truck driver – 250,000 RWF\*\n/],
      [`do:jobs:answer:application_id=${SENT}&answer=accepted`, /^\*Night guard – Bea – \S.*\*\n/],
      [`do:marketplace:sold:listing_id=${OWN}`, /^\*Night guard – 250,000 RWF\*\n\n\S/],
      [`do:sales:cancel:booking_id=${BOOKING}`, /^\*.+ \d\d\/\d\d, \d\d:\d\d\*\n\n\S/],
    ];
    for (const [row, shown] of cases) {
      const [reply] = await open(language).say(choose(row, "x"));
      const { content } = reply as { content: { text: string } };
      assert.match(content.text, shown, row);
    }
  });
}

Deno.test("what was put aside is told of where the other task is refused at once", async () => {
  const data = createAgentData();
  const refusing: typeof data.readAgentData = async (input) =>
    (await data.readAgentData(input)).map((result) =>
      result.kind === "calling" ? { ...result, calling: { ...CALLING, opted_out: true } } : result
    );
  const conversation = createConversation({ data: { ...data, readAgentData: refusing } });
  await conversation.say(write("I want to sell my sofa"));
  const replies = await conversation.say(choose("do:sales:call", "x"));
  assert.equal(conversation.decided.at(-1)!.events[0]?.handed_off_from, "marketplace");
  assert.match(JSON.stringify(replies.at(-1)), /BACK/i);
  assert.equal(replies.length, 2, JSON.stringify(replies));
});
