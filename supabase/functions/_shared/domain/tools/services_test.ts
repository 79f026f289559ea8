import assert from "node:assert/strict";
import { CALLING } from "../../../../../tests/in_memory/create_agent_data.ts";
import type { JsonObject } from "../../ports.ts";
import type { CallingFacts } from "../../ports_calling.ts";
import type { Booking, Listing, ReadResult } from "../../ports_agents.ts";
import { callTool, prepareCall } from "./call_tool.ts";
import { numberTicket } from "./open_ticket.ts";
import type { ToolName } from "./registry.ts";
import type { ToolContext } from "./tool.ts";

/** A Monday, 10:00 UTC. */
const MONDAY = Date.UTC(2026, 10, 23, 10);
const LISTING = "00000000-0000-4000-8000-0000000000aa";
const MINE = "00000000-0000-4000-8000-000000000001";
const office = ["08:00-17:00"];
const context: ToolContext = {
  now: MONDAY,
  channel: "whatsapp",
  settings: {
    business_hours: { monday: office, tuesday: office },
    time_zone: "UTC",
    language: "en",
    transfer_number: null,
    enabled_tools: [],
  },
  person: { contactId: "contact-1", phoneNumber: "+250788123456" },
  whatsappConnected: true,
  newId: () => MINE,
};
const withheld: ToolContext = { ...context, person: { contactId: null, phoneNumber: null } };
const voice: ToolContext = { ...context, channel: "voice" };
/** A call in which this was answered with its question. */
const asked = (tool: ToolName, given: JsonObject): ToolContext => ({
  ...voice,
  questions: [{ tool_call_id: "q1", tool, arguments: given }],
});

const restaurant = (more: Partial<Listing> = {}): ReadResult => ({
  kind: "listing",
  listing: {
    id: LISTING,
    domain: "waiter",
    side: "offer",
    title: "Pili Pili",
    description: "",
    category: null,
    price: null,
    currency: "RWF",
    price_unit: null,
    quantity: null,
    place: null,
    attributes: { menu: [{ name: "Pizza", price: 6000 }], tables: 1 },
    state: "active",
    is_own: false,
    distance_km: null,
    created_at: "",
    ...more,
  },
});
const bookings = (...taken: string[]): ReadResult => ({
  kind: "bookings",
  bookings: taken.map((starts_at): Booking => ({
    id: "00000000-0000-4000-8000-0000000000bb",
    resource: "",
    starts_at,
    minutes: 30,
    state: "booked",
    is_own: starts_at.startsWith("2026-11-24"),
  })),
});
const calling = (facts: Partial<CallingFacts> = {}): ReadResult[] => [
  { kind: "calling", calling: { ...CALLING, ...facts } },
];
const tariffs: ReadResult[] = [
  { kind: "tariffs", value: { currency: "RWF", base: 500, per_km: 200 } },
  { kind: "tariffs", value: { Hub: { latitude: -1.95, longitude: 30.06, aliases: ["the hub"] } } },
];
const insurance: ReadResult[] = [{
  kind: "tariffs",
  value: {
    currency: "RWF",
    yearly: { car: 50_000, motorcycle: 25_000, truck: 100_000 },
    covers: { third_party: 1, comprehensive: 2 },
  },
}];
const named = (name: string) => ({ name, latitude: null, longitude: null });
const ride: JsonObject = {
  from: named("Kigali"),
  to: named("Huye"),
  date: "2026-11-24",
  time: "08:00",
};
const driven: ReadResult = {
  kind: "listings",
  listings: ["2026-11-24T06:30:00Z", "2026-11-24T15:00:00Z", "2026-11-22T08:00:00Z"].map((at) => ({
    ...(restaurant() as Extract<ReadResult, { kind: "listing" }>).listing!,
    domain: "rides" as const,
    title: at,
    attributes: { to: "huye", date: at.slice(0, 10), departs_at: at },
  })),
};
const items = [{ name: "pizzas", quantity: 2 }];
const monday = { date: "2026-11-23", time: "14:00" };

type Case = [
  name: string,
  tool: ToolName,
  given: JsonObject,
  results: ReadResult[],
  said: RegExp,
  effects: string[],
  context?: ToolContext,
];
const CASES: Case[] = [
  ["a free time", "book_appointment", monday, [bookings()], /"reason":"booked"/, ["book"]],
  [
    "on the phone, confirmed",
    "book_appointment",
    { ...monday, confirmed: true },
    [bookings()],
    /booked/,
    ["book"],
    asked("book_appointment", { ...monday, confirmed: true }),
  ],
  [
    "on the phone, confirmed at once",
    "book_appointment",
    { ...monday, confirmed: true },
    [bookings()],
    /Nothing is done yet/,
    [],
    voice,
  ],
  [
    "on the phone, confirmed with another time",
    "book_appointment",
    { ...monday, confirmed: true },
    [bookings()],
    /Nothing is done yet/,
    [],
    asked("book_appointment", { ...monday, time: "16:00" }),
  ],
  [
    "on the phone, confirmed where something else was asked",
    "book_appointment",
    { ...monday, confirmed: true },
    [bookings()],
    /Nothing is done yet/,
    [],
    asked("request_call", monday),
  ],
  ["on the phone, unconfirmed", "book_appointment", monday, [], /Nothing is done yet/, [], voice],
  [
    "on the phone, confirmed in other words",
    "cancel_booking",
    { booking_id: MINE, confirmed: "yes" },
    [],
    /Nothing is done yet/,
    [],
    voice,
  ],
  [
    "a time that is taken",
    "book_appointment",
    monday,
    [bookings("2026-11-23T14:15:00Z")],
    /"taken".*"time":"15:00"/,
    [],
  ],
  [
    "a closed day",
    "book_appointment",
    { ...monday, date: "2026-11-25" },
    [bookings()],
    /closed/,
    [],
  ],
  ["a past time", "book_appointment", { ...monday, time: "09:00" }, [bookings()], /passed/, []],
  ["no day at all", "book_appointment", { date: "soon", time: "14:00" }, [], /do not fit/, []],
  ["free times", "find_free_slots", {}, [bookings()], /2026-11-23 at 10:30/, []],
  ["free times of no day", "find_free_slots", { date: "x" }, [], /do not fit/, []],
  [
    "own appointments, not others'",
    "list_appointments",
    {},
    [bookings("2026-11-23T14:00:00Z", "2026-11-24T09:00:00Z")],
    /"appointments":\[{"id":"[^"]+","date":"2026-11-24","time":"09:00"}\]/,
    [],
  ],
  ["a booking", "cancel_booking", { booking_id: MINE }, [], /cancelled/, ["cancel_booking"]],
  ["no booking", "cancel_booking", { booking_id: "mine" }, [], /do not fit/, []],
  [
    "a table",
    "reserve_table",
    { listing_id: LISTING, people: 4, ...monday },
    [restaurant(), bookings()],
    /"booked"/,
    ["book", "apply"],
  ],
  [
    "the only table is taken",
    "reserve_table",
    { listing_id: LISTING, people: 4, ...monday },
    [restaurant(), bookings("2026-11-23T14:00:00Z"), bookings()],
    /"taken".*"free":\[{"date":"2026-11-23","time":"14:30"/,
    [],
  ],
  [
    "a table in a place that is gone",
    "reserve_table",
    { listing_id: LISTING, people: 4, ...monday },
    [{ kind: "listing", listing: null }, bookings()],
    /not_found/,
    [],
  ],
  ["a table for nobody", "reserve_table", { listing_id: LISTING, people: 0 }, [], /do not fit/, []],
  [
    "a table for a withheld number",
    "reserve_table",
    { listing_id: LISTING, people: 2, ...monday },
    [restaurant(), bookings()],
    /withheld/,
    [],
    withheld,
  ],
  ["a price", "price_order", { listing_id: LISTING, items }, [restaurant()], /"total":12000/, []],
  [
    "what isn't on the menu",
    "price_order",
    { listing_id: LISTING, items: [{ name: "ugali", quantity: 1 }] },
    [restaurant()],
    /Not on the menu: ugali/,
    [],
  ],
  ["nothing", "price_order", { listing_id: LISTING, items: [] }, [], /do not fit/, []],
  [
    "an order at its total",
    "place_order",
    { listing_id: LISTING, items, total: 12_000 },
    [restaurant()],
    /"reason":"ok"/,
    ["apply"],
  ],
  [
    "an order at a total of one's own",
    "place_order",
    { listing_id: LISTING, items, total: 1 },
    [restaurant()],
    /price_changed/,
    [],
  ],
  [
    "an order from somebody who sells no food",
    "place_order",
    { listing_id: LISTING, items, total: 12_000 },
    [restaurant({ domain: "jobs" })],
    /not_found/,
    [],
  ],
  ["an order without a total", "place_order", { listing_id: LISTING, items }, [], /do not fit/, []],
  [
    "a quote",
    "quote_insurance",
    { vehicle: "truck", cover: "comprehensive" },
    insurance,
    /"yearly_price":200000/,
    [],
  ],
  ["a quote without a tariff", "quote_insurance", { vehicle: "car" }, [], /no price/, []],
  ["a quote for a boat", "quote_insurance", { vehicle: "boat" }, insurance, /do not fit/, []],
  [
    "a policy",
    "request_policy",
    { vehicle: "car", cover: "third_party", plate: "RAB 123 C", yearly_price: 50_000 },
    insurance,
    /"requested":true/,
    ["request_policy"],
  ],
  [
    "a policy at a price of one's own",
    "request_policy",
    { vehicle: "car", cover: "comprehensive", plate: "RAB 123 C", yearly_price: 50_000 },
    insurance,
    /costs 100000/,
    [],
  ],
  ["no policy", "request_policy", { vehicle: "car" }, insurance, /do not fit/, []],
  ["own policies", "list_policies", {}, [{ kind: "policies", policies: [] }], /none/, []],
  ["a ride", "list_ride", { side: "offer", ...ride }, [], /"listed"/, ["create_listing"]],
  ["a past ride", "list_ride", { side: "offer", ...ride, date: "2026-11-22" }, [], /passed/, []],
  ["half a ride", "list_ride", { side: "offer", from: named("Kigali") }, [], /do not fit/, []],
  ["rides around a time", "find_rides", ride, [driven], /^(?!.*T15:00).*T06:30.*$/, []],
  ["rides of a day", "find_rides", { ...ride, time: null }, [driven], /T06:30.*T15:00/, []],
  ["rides to nowhere", "find_rides", { from: named("Kigali") }, [], /do not fit/, []],
  ["a seat", "ask_for_seat", { listing_id: LISTING }, [], /"asked":true/, ["apply"]],
  ["a seat, withheld", "ask_for_seat", { listing_id: LISTING }, [], /withheld/, [], withheld],
  ["a seat in nothing", "ask_for_seat", { listing_id: "x" }, [], /do not fit/, []],
  [
    "a fare between known places",
    "estimate_fare",
    { from: named("the HUB"), to: { name: null, latitude: -1.95, longitude: 30.15 } },
    tariffs,
    /"fare":2500,"distance_km":10,/,
    [],
  ],
  [
    "a fare to nowhere",
    "estimate_fare",
    { from: named("Kigali"), to: named("Atlantis") },
    tariffs,
    /unknown_to/,
    [],
  ],
  ["a fare of nothing", "estimate_fare", { from: "Kigali" }, tariffs, /do not fit/, []],
  ["a lead", "capture_lead", { interest: "20 kits" }, [], /told/, ["capture_lead"]],
  ["no lead", "capture_lead", { interest: "" }, [], /do not fit/, []],
  ["a call", "request_call", { reason: "prices" }, calling(), /"requested":true/, ["request_call"]],
  ["a call to nobody", "request_call", { reason: "prices" }, calling(), /no number/, [], withheld],
  [
    "a call abroad",
    "request_call",
    { reason: "prices" },
    calling({ phone: "+18765550100" }),
    /"reason":"country_not_allowed"/,
    [],
  ],
  [
    "a call abroad, on the phone: refused before it is asked about",
    "request_call",
    { reason: "prices" },
    calling({ phone: "+18765550100" }),
    /"reason":"country_not_allowed"/,
    [],
    voice,
  ],
  [
    "a call after STOP",
    "request_call",
    { reason: "prices" },
    calling({ opted_out: true }),
    /"reason":"opted_out"/,
    [],
  ],
  ["a call about nothing", "request_call", {}, [], /do not fit/, []],
  [
    "a call in a month",
    "request_call",
    { reason: "prices", date: "2026-12-23" },
    calling(),
    /"reason":"requested"/,
    ["request_call"],
  ],
  [
    "a call in more than a month",
    "request_call",
    { reason: "prices", date: "2099-01-01" },
    calling(),
    /"reason":"too_far"/,
    [],
  ],
  [
    "a call instead of the one before",
    "request_call",
    { reason: "prices" },
    calling({ open: { state: "requested", not_before: "2026-11-24T08:00:00Z" } }),
    /"reason":"moved"/,
    ["request_call"],
  ],
  [
    "a call while it rings",
    "request_call",
    { reason: "prices" },
    calling({ open: { state: "placed", not_before: "2026-11-23T06:00:00Z" } }),
    /"reason":"under_way"/,
    [],
  ],
  [
    "a call without minutes, on the phone: refused before it is asked about",
    "request_call",
    { reason: "prices" },
    calling({ daily_call_minutes: 0 }),
    /"reason":"switched_off"/,
    [],
    voice,
  ],
  [
    "a call where calls are switched off",
    "request_call",
    { reason: "prices" },
    calling({ tier_flags: { enabled: false } }),
    /"reason":"switched_off"/,
    [],
  ],
  [
    "no call any more",
    "cancel_call",
    {},
    calling({ open: { state: "requested", not_before: "2026-11-24T08:00:00Z" } }),
    /"reason":"cancelled"/,
    ["cancel_call"],
  ],
  ["no call that was none", "cancel_call", {}, calling(), /"reason":"none_asked"/, [], voice],
  [
    "a call that rings",
    "cancel_call",
    {},
    calling({ open: { state: "intended", not_before: "2026-11-23T06:00:00Z" } }),
    /"reason":"under_way"/,
    [],
  ],
  ["a ticket", "open_ticket", { problem: "It broke" }, [], /"number":"T-/, ["open_ticket"]],
  ["no ticket", "open_ticket", { problem: "x" }, [], /do not fit/, []],
  ["own tickets", "list_tickets", {}, [{ kind: "tickets", tickets: [] }], /none/, []],
  ["a person", "hand_over", {}, [], /"handed_over":true/, ["hand_over"]],
  [
    "a person, on the phone",
    "hand_over",
    { confirmed: true },
    [],
    /transfer_to/,
    [],
    asked("hand_over", {}),
  ],
  ["too long a reason", "hand_over", { reason: "x".repeat(501) }, [], /do not fit/, []],
];

Deno.test("each tool of the services acts on what is right and refuses the rest", async (test) => {
  for (const [name, tool, given, results, said, effects, where = context] of CASES) {
    await test.step(`${tool}: ${name}`, () => {
      const outcome = callTool({ name: tool, arguments: given }, where, results);
      assert.match(outcome.result ?? outcome.error ?? "", said);
      assert.deepEqual(outcome.effects.map(({ kind }) => kind), effects);
    });
  }
});

Deno.test("nobody else can be named: identity in the arguments reaches no effect", () => {
  const someone = { contact_id: "other", org_id: "other", phone_number: "+1650" };
  for (const [, tool, given, results, , effects, where = context] of CASES) {
    if (effects.length === 0) continue;
    const outcome = callTool({ name: tool, arguments: { ...given, ...someone } }, where, results);
    assert.equal(outcome.effects.length, effects.length, tool);
    assert.doesNotMatch(JSON.stringify(outcome), /other|\+1650/, tool);
  }
});

Deno.test("what writes is confirmed in words first", () => {
  for (const [, tool, given, , , effects] of CASES) {
    if (effects.length === 0) continue;
    const call = prepareCall({ name: tool, arguments: given }, context);
    for (const language of ["en", "fr", "sw", "rw"] as const) {
      assert.match((call.ok && call.confirm?.(language)) || "", /[?:]/, `${tool} ${language}`);
    }
  }
});

Deno.test("a ticket's number is short, and another one for another id", () => {
  const one = numberTicket("6f1c2a34-0000-4000-8000-00deadbeef01");
  assert.match(one, /^T-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  assert.notEqual(one, numberTicket("6f1c2a34-0000-4000-8000-00deadbeef02"));
});
