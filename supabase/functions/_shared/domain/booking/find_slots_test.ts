import assert from "node:assert/strict";
import * as fc from "fast-check";
import { parseBusinessHours, type Week } from "../business_hours/parse_business_hours.ts";
import { type Calendar, findSlot, listFreeSlots } from "./find_slots.ts";

const week = parseBusinessHours({
  monday: ["08:00-12:00", "13:00-17:00"],
  saturday: ["18:00-02:00"],
}) as Week;
const calendar = (more: Partial<Calendar> = {}): Calendar => ({
  week,
  time_zone: "Africa/Kigali",
  // A Friday.
  now: Date.parse("2026-11-20T08:00:00Z"),
  minutes: 60,
  units: [[]],
  ...more,
});
const taken = (...starts: string[]) =>
  starts.map((starts_at) => ({ starts_at, minutes: 60, state: "booked" as const }));

Deno.test("what can be booked, by the clock on the wall", async (test) => {
  const cases: [string, string, string, Calendar, string][] = [
    ["within hours", "2026-11-23", "08:00", calendar(), "free"],
    ["to the last minute", "2026-11-23", "16:00", calendar(), "free"],
    ["a minute too long", "2026-11-23", "16:01", calendar(), "closed"],
    ["over the break", "2026-11-23", "11:30", calendar(), "closed"],
    ["a closed day", "2026-11-24", "08:00", calendar(), "closed"],
    ["into the night", "2026-11-21", "23:30", calendar(), "free"],
    ["after midnight", "2026-11-22", "01:00", calendar(), "free"],
    ["after the night", "2026-11-22", "01:30", calendar(), "closed"],
    ["passed", "2026-11-16", "08:00", calendar(), "past"],
    ["next year", "2027-11-22", "08:00", calendar(), "too_far"],
    [
      "beside another",
      "2026-11-23",
      "09:00",
      calendar({ units: [taken("2026-11-23T06:00:00Z", "2026-11-23T08:00:00Z")] }),
      "free",
    ],
    [
      "over another",
      "2026-11-23",
      "09:30",
      calendar({ units: [taken("2026-11-23T08:00:00Z")] }),
      "taken",
    ],
    [
      "one of two tables",
      "2026-11-23",
      "10:00",
      calendar({ units: [taken("2026-11-23T08:00:00Z"), []] }),
      "free",
    ],
  ];
  for (const [name, date, time, where, kind] of cases) {
    await test.step(name, () => assert.equal(findSlot(where, { date, time }).kind, kind));
  }
});

Deno.test("every slot that is offered can be booked, once", () => {
  const day = fc.integer({ min: 0, max: 20 });
  const starts = fc.array(fc.integer({ min: 0, max: 14 * 24 * 2 }), { maxLength: 30 });
  fc.assert(
    fc.property(day, starts, fc.integer({ min: 15, max: 180 }), (ahead, halves, minutes) => {
      const now = Date.parse("2026-11-20T08:00:00Z");
      const units = [
        taken(...halves.map((half) => new Date(now + half * 1_800_000).toISOString())),
      ];
      const where = calendar({ units, minutes });
      const date = new Date(now + ahead * 86_400_000).toISOString().slice(0, 10);
      const free = listFreeSlots(where, { date, limit: 5 });
      for (const slot of free) {
        assert.equal(findSlot(where, slot).kind, "free");
        const booked = { starts_at: slot.starts_at, minutes, state: "booked" as const };
        const after = calendar({ units: [[...units[0]!, booked]], minutes });
        assert.equal(findSlot(after, slot).kind, "taken");
      }
    }),
    { numRuns: 50 },
  );
});
