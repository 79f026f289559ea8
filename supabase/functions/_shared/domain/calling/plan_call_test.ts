import assert from "node:assert/strict";
import * as fc from "fast-check";
import { CALLING } from "../../../../../tests/in_memory/create_agent_data.ts";
import type { CallingFacts } from "../../ports_calling.ts";
import { describeOpening } from "../business_hours/describe_opening.ts";
import { parseBusinessHours } from "../business_hours/parse_business_hours.ts";
import { beginCallingHours } from "./begin_calling_hours.ts";
import { planCall } from "./plan_call.ts";

const office = { monday: ["08:00-12:00", "13:00-17:00"], friday: ["08:00-16:00"] };
const agent = CALLING.agent!;
const at = (time: string) => Date.parse(time);

// 2026-11-23 is a Monday; Kigali is two hours ahead of UTC.
const MONDAY = "2026-11-23T07:00:00Z";

type Case = [
  name: string,
  facts: Partial<CallingFacts>,
  when: { now?: string; not_before?: string; minutes_used?: number },
  plan: string,
];
const CASES: Case[] = [
  ["in business hours", { business_hours: office }, {}, "place"],
  ["at their first minute", { business_hours: office }, { now: "2026-11-23T06:00:00Z" }, "place"],
  [
    "before them",
    { business_hours: office },
    { now: "2026-11-23T05:59:00Z" },
    "wait outside_hours 2026-11-23T06:00:00.000Z",
  ],
  [
    "at their end",
    { business_hours: office },
    { now: "2026-11-23T15:00:00Z" },
    "wait outside_hours 2026-11-27T06:00:00.000Z",
  ],
  [
    "in the break",
    { business_hours: office },
    { now: "2026-11-23T10:30:00Z" },
    "wait outside_hours 2026-11-23T11:00:00.000Z",
  ],
  [
    "a week later",
    { business_hours: { monday: ["08:00-09:00"] } },
    { now: "2026-11-23T07:00:00Z" },
    "wait outside_hours 2026-11-30T06:00:00.000Z",
  ],
  [
    "calling hours go before business hours",
    { business_hours: office, calling_hours: { tuesday: ["10:00-11:00"] } },
    {},
    "wait outside_hours 2026-11-24T08:00:00.000Z",
  ],
  ["usual hours where none are given", {}, {}, "place"],
  [
    "not on a Sunday",
    {},
    { now: "2026-11-22T10:00:00Z" },
    "wait outside_hours 2026-11-23T07:00:00.000Z",
  ],
  [
    "over the change of the clock",
    { time_zone: "Europe/Paris", business_hours: { monday: ["09:00-10:00"] } },
    { now: "2026-10-24T10:00:00Z", not_before: "2026-10-20T10:00:00Z" },
    "wait outside_hours 2026-10-26T08:00:00.000Z",
  ],
  ["a time zone that doesn't exist is UTC", { time_zone: "Mars/Olympus" }, {
    now: "2026-11-23T09:00:00Z",
  }, "place"],
  [
    "later, as they wished",
    { business_hours: office },
    { not_before: "2026-11-23T11:30:00Z" },
    "wait not_before 2026-11-23T11:30:00.000Z",
  ],
  [
    "later, at night",
    { business_hours: office },
    { not_before: "2026-11-23T20:00:00Z" },
    "wait not_before 2026-11-27T06:00:00.000Z",
  ],
  ["a wish that has passed", {}, { not_before: "2026-11-20T07:00:00Z" }, "place"],
  ["the last minute", {}, { minutes_used: 599 }, "place"],
  [
    "no minute left: tomorrow",
    {},
    { minutes_used: 600 },
    "wait minutes_spent 2026-11-24T07:00:00.000Z",
  ],
  [
    "no minute left: the next day with calling hours",
    { business_hours: office },
    { minutes_used: 700 },
    "wait minutes_spent 2026-11-27T06:00:00.000Z",
  ],
  [
    "never a minute",
    { daily_call_minutes: 0 },
    {},
    "wait minutes_spent 2026-11-24T07:00:00.000Z",
  ],
  ["no number", { phone: null }, {}, "refuse no_number"],
  ["STOP", { opted_out: true }, {}, "refuse opted_out"],
  ["STOP at night", { opted_out: true }, { now: "2026-11-22T23:00:00Z" }, "refuse opted_out"],
  ["no agent", { agent: null }, {}, "refuse not_connected"],
  ["no assistant", { agent: { ...agent, assistant_id: null } }, {}, "refuse not_connected"],
  ["no number of ours", { agent: { ...agent, phone_number_id: null } }, {}, "refuse not_connected"],
  ["a paused agent", { agent: { ...agent, state: "paused" } }, {}, "refuse not_connected"],
  ["a draft", { agent: { ...agent, state: "draft" } }, {}, "refuse not_connected"],
  [
    "limited mode",
    { agent: { ...agent, activation_mode: "limited" } },
    {},
    "refuse not_connected",
  ],
  [
    "limited mode, a test number",
    { agent: { ...agent, activation_mode: "limited" }, test_numbers: [CALLING.phone!] },
    {},
    "place",
  ],
  ["another country", { phone: "+254712345678" }, {}, "refuse country_not_allowed"],
  ["one that is allowed", { phone: "+254712345678", call_countries: ["KE"] }, {}, "place"],
  ["only what is allowed", { call_countries: ["KE"] }, {}, "refuse country_not_allowed"],
  ["whose country nobody knows", { own_number: null }, {}, "refuse country_not_allowed"],
  ["no country's number", { phone: "+870773123456" }, {}, "refuse country_not_allowed"],
];

Deno.test("when somebody may be called back", async (test) => {
  for (const [name, changes, when, expected] of CASES) {
    await test.step(name, () => {
      const plan = planCall({ ...CALLING, ...changes }, {
        now: at(when.now ?? MONDAY),
        not_before: when.not_before ?? "2026-11-20T00:00:00Z",
        minutes_used: when.minutes_used ?? 0,
      });
      const said = plan.step === "place"
        ? "place"
        : plan.step === "refuse"
        ? `refuse ${plan.reason}`
        : `wait ${plan.reason} ${new Date(plan.until).toISOString()}`;
      assert.equal(said, expected);
    });
  }
});

Deno.test("who waits for calling hours may be called when they begin, and is not called before", () => {
  const times = fc.integer({ min: 0, max: 47 }).map((half) =>
    `${String(Math.floor(half / 2)).padStart(2, "0")}:${half % 2 === 0 ? "00" : "30"}`
  );
  const ranges = fc.array(fc.tuple(times, times).map(([from, to]) => `${from}-${to}`), {
    minLength: 1,
    maxLength: 2,
  });
  const zones = fc.constantFrom("UTC", "Africa/Kigali", "Asia/Kathmandu", "Pacific/Auckland");
  const weeks = fc.record({ monday: ranges, thursday: ranges });
  const offset = fc.integer({ min: 0, max: 13 * 24 * 60 });
  fc.assert(
    fc.property(weeks, zones, offset, (calling_hours, time_zone, minutes) => {
      const hours = { calling_hours, business_hours: {}, time_zone };
      const now = at("2026-11-16T00:00:00Z") + minutes * 60_000;
      const begin = beginCallingHours(hours, now);
      const week = parseBusinessHours(calling_hours)!;
      const isOpen = (moment: number) =>
        describeOpening(week, { timeZone: time_zone, at: moment }).open;
      assert.ok(begin >= now && begin - now <= 8 * 86_400_000);
      assert.equal(isOpen(begin), true);
      if (begin > now) assert.equal(isOpen(begin - 60_000), false);
    }),
  );
});
