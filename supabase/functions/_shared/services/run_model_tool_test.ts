import assert from "node:assert/strict";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import type { ToolContext } from "../domain/tools/tool.ts";
import type { JsonObject } from "../ports.ts";
import type { Application, Booking, Listing, ReadResult } from "../ports_agents.ts";
import { runModelTool } from "./run_model_tool.ts";

const ID = "a0000000-0000-4000-8000-000000000001";
const LISTING: Listing = {
  id: ID,
  domain: "jobs",
  side: "offer",
  title: "Driver in Kigali",
  description: "",
  category: null,
  price: null,
  currency: "RWF",
  price_unit: null,
  quantity: null,
  place: null,
  attributes: {},
  state: "active",
  is_own: false,
  distance_km: null,
  created_at: "2026-11-21T00:00:00Z",
};
const context: ToolContext = {
  now: 0,
  channel: "whatsapp",
  settings: {
    business_hours: { thursday: ["00:00-24:00"] },
    time_zone: "UTC",
    language: "en",
    transfer_number: "+250788000009",
    enabled_tools: [],
  },
  person: { contactId: "contact-1", phoneNumber: null },
  whatsappConnected: true,
  newId: () => "new",
};
const ALLOWED = [
  "search_listings",
  "apply_to_listing",
  "transfer_to_person",
  "get_business_hours",
  "answer_application",
  "cancel_booking",
];
const APPLICATION: Application = {
  id: ID,
  listing_id: "l",
  listing_title: "Shop in Huye",
  kind: "ride_request",
  state: "submitted",
  details: {},
  is_own: false,
  applicant_name: "Eve\nUwase",
  created_at: "2026-11-21T00:00:00Z",
};
const RESERVATION: Application = {
  ...APPLICATION,
  id: "r",
  listing_title: "Pili Pili",
  kind: "reservation",
  is_own: true,
  details: { booking_id: ID, date: "2026-11-24", time: "19:00" },
};
const BOOKING: Booking = {
  id: ID,
  resource: "appointments",
  starts_at: "2026-11-24T10:00:00Z",
  minutes: 30,
  state: "booked",
  is_own: true,
};

async function run(
  name: string,
  given: JsonObject,
  listing: Listing | null = LISTING,
  { applications = [], bookings = [] }: { applications?: Application[]; bookings?: Booking[] } = {},
) {
  const asked: { org_id: string; contact_id: string | null; kinds: string[] }[] = [];
  const result = await runModelTool({
    agentData: {
      readAgentData({ org_id, contact_id, reads }) {
        asked.push({ org_id, contact_id, kinds: reads.map(({ kind }) => kind) });
        return Promise.resolve(
          reads.map(({ kind }) =>
            ({ kind, listing, listings: [LISTING], applications, bookings }) as Exclude<
              ReadResult,
              { kind: "knowledge" }
            >
          ),
        );
      },
    },
    searchKnowledge: () => Promise.reject(new Error("not asked")),
    logger: createMemoryLogger(),
  }, {
    org_id: "org-1",
    contact_id: "contact-1",
    context,
    language: "en",
    allowed: ALLOWED,
    signal: new AbortController().signal,
  }, { name, arguments: given });
  return { result, asked };
}

Deno.test("what reads is answered, for the person of the conversation alone", async () => {
  const given = { domain: "jobs", domains: ["jobs"], words: "driver", contact_id: "contact-2" };
  const { result, asked } = await run("search_listings", given);
  assert.equal(result.kind, "result");
  assert.match(result.kind === "result" ? result.output : "", /Driver in Kigali/);
  assert.deepEqual(asked, [{ org_id: "org-1", contact_id: "contact-1", kinds: ["listings"] }]);
});

Deno.test("what writes is a question that names what is meant and all that is sent", async () => {
  const given = {
    listing_id: ID,
    kind: "application",
    note: "I drive well",
    details: { years: 5 },
    contact_id: "contact-2",
  };
  const { result, asked } = await run("apply_to_listing", given);
  assert.ok(result.kind === "confirm");
  for (const shown of ["*Driver in Kigali*", "I drive well", "years: 5", "?"]) {
    assert.ok(result.question.includes(shown), `${shown} in ${result.question}`);
  }
  const { contact_id: _, ...kept } = given;
  assert.deepEqual(result.arguments, kept);
  assert.deepEqual(asked.map(({ kinds }) => kinds), [["listing"]]);
});

const REFUSED: [what: string, name: string, given: JsonObject, error: RegExp][] = [
  ["a tool of another agent", "create_listing", {}, /no tool/],
  ["a tool that nobody has", "delete_everything", {}, /no tool/],
  ["arguments that don't fit", "apply_to_listing", { listing_id: "all" }, /do not fit/],
  ["what acts and asks nothing", "transfer_to_person", {}, /not possible here/],
];
for (const [what, name, given, error] of REFUSED) {
  Deno.test(`${what} is refused in words`, async () => {
    const { result } = await run(name, given);
    assert.ok(result.kind === "result");
    assert.match(result.output, error);
  });
}

Deno.test("a listing that was made up is not asked about", async () => {
  const { result } = await run("apply_to_listing", { listing_id: ID }, null);
  assert.match(result.kind === "result" ? result.output : "", /no such listing/);
});

const NAMED: [
  what: string,
  name: string,
  given: JsonObject,
  rows: { applications?: Application[]; bookings?: Booking[] },
  shown: string,
][] = [
  [
    "an application",
    "answer_application",
    { application_id: ID, answer: "accepted" },
    { applications: [RESERVATION, APPLICATION] },
    "*Shop in Huye – Eve Uwase – ride request*",
  ],
  [
    "an appointment",
    "cancel_booking",
    { booking_id: ID },
    { bookings: [BOOKING] },
    "24/11, 10:00*",
  ],
  [
    "a table",
    "cancel_booking",
    { booking_id: ID },
    { applications: [RESERVATION] },
    "*Pili Pili – Tue",
  ],
];
for (const [what, name, given, rows, shown] of NAMED) {
  Deno.test(`${what} is named before anybody says yes`, async () => {
    const { result } = await run(name, given, null, rows);
    assert.ok(result.kind === "confirm");
    assert.ok(result.question.includes(shown), result.question);
  });
}

const UNKNOWN: [
  what: string,
  name: string,
  given: JsonObject,
  rows: { applications?: Application[]; bookings?: Booking[] },
][] = [
  ["an application", "answer_application", { application_id: ID, answer: "accepted" }, {
    applications: [{ ...APPLICATION, id: "another" }],
  }],
  ["somebody else's booking", "cancel_booking", { booking_id: ID }, {
    bookings: [{ ...BOOKING, is_own: false }],
  }],
  ["a booking that is cancelled", "cancel_booking", { booking_id: ID }, {
    bookings: [{ ...BOOKING, state: "cancelled" }],
  }],
];
for (const [what, name, given, rows] of UNKNOWN) {
  Deno.test(`${what} that isn't the person's to change is not asked about`, async () => {
    const { result } = await run(name, given, null, rows);
    assert.match(result.kind === "result" ? result.output : "", /There is no such/);
  });
}
