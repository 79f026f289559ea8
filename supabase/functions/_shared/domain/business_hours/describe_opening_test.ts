import assert from "node:assert/strict";
import * as fc from "fast-check";
import { describeOpening, formatRanges } from "./describe_opening.ts";
import { parseBusinessHours, type Week, WEEKDAYS } from "./parse_business_hours.ts";

const week = (hours: Record<string, string[]>) => parseBusinessHours(hours) as Week;
const office = week({ monday: ["08:00-12:00", "13:00-17:00"], friday: ["08:00-16:00"] });
const bar = week({ saturday: ["18:00-02:00"], sunday: ["20:00-24:00"], monday: ["00:00-03:00"] });
const always = week(Object.fromEntries(WEEKDAYS.map((day) => [day, ["00:00-24:00"]])));

Deno.test("whether it is open, until when, and when next", async (test) => {
  // 2026-11-23 is a Monday.
  const cases: [string, Week, string, string, boolean, string | null, string | null][] = [
    ["before", office, "UTC", "2026-11-23T07:59:59Z", false, null, "monday 08:00"],
    ["at the start", office, "UTC", "2026-11-23T08:00:00Z", true, "12:00", null],
    ["at the break", office, "UTC", "2026-11-23T12:00:00Z", false, null, "monday 13:00"],
    ["after", office, "UTC", "2026-11-23T17:00:00Z", false, null, "friday 08:00"],
    ["the week's end", office, "UTC", "2026-11-27T16:30:00Z", false, null, "monday 08:00"],
    ["elsewhere", office, "Africa/Kigali", "2026-11-23T06:30:00Z", true, "12:00", null],
    ["a day apart", office, "Pacific/Auckland", "2026-11-22T19:30:00Z", true, "12:00", null],
    ["no such zone", office, "Mars/Olympus", "2026-11-23T08:00:00Z", true, "12:00", null],
    ["past midnight", bar, "UTC", "2026-11-22T01:59:00Z", true, "02:00", null],
    ["after the night", bar, "UTC", "2026-11-22T02:00:00Z", false, null, "sunday 20:00"],
    ["Sunday's night", bar, "UTC", "2026-11-22T23:30:00Z", true, "03:00", null],
    ["into Monday", bar, "UTC", "2026-11-23T02:59:00Z", true, "03:00", null],
    ["Monday after it", bar, "UTC", "2026-11-23T03:00:00Z", false, null, "saturday 18:00"],
    ["always", always, "UTC", "2026-11-25T03:00:00Z", true, null, null],
  ];
  for (const [name, hours, timeZone, at, open, until, opens] of cases) {
    await test.step(name, () => {
      const opening = describeOpening(hours, { timeZone, at: Date.parse(at) });
      assert.equal(opening.open, open);
      assert.equal(opening.open_until, until);
      assert.equal(opening.opens && `${opening.opens.day} ${opening.opens.time}`, opens);
    });
  }
});

Deno.test("hours that nobody gave are no hours", async (test) => {
  const cases: [string, unknown][] = [
    ["nothing", {}],
    ["empty days", { monday: [] }],
    ["no ranges", { monday: ["all day", "8-17", "25:00-26:00", "24:00-25:00"] }],
    ["another shape", { monday: { open: "08:00" } }],
    ["another day", { funday: ["08:00-17:00"] }],
    ["no object", "08:00-17:00"],
    ["null", null],
  ];
  for (const [name, hours] of cases) {
    await test.step(name, () => assert.equal(parseBusinessHours(hours), null));
  }
});

Deno.test("a closed week opens at the time that it says", () => {
  const time = fc.integer({ min: 0, max: 24 * 60 - 1 });
  const ranges = fc.array(fc.record({ from: time, to: time }), { maxLength: 2 });
  const weeks = fc.array(ranges, { minLength: 7, maxLength: 7 })
    .filter((days) => days.some((day) => day.length > 0));
  fc.assert(
    fc.property(weeks, fc.integer({ min: 0, max: 7 * 24 * 60 - 1 }), (days, minute) => {
      // A Monday's midnight.
      const at = Date.UTC(2026, 10, 23) + minute * 60_000;
      const now = describeOpening(days, { timeZone: "UTC", at });
      if (now.open) return;
      const { day, time } = now.opens!;
      const [hour, rest] = time.split(":").map(Number);
      const opensAt = WEEKDAYS.indexOf(day) * 24 * 60 + hour! * 60 + rest!;
      const wait = (opensAt - minute + 7 * 24 * 60) % (7 * 24 * 60);
      const then = describeOpening(days, { timeZone: "UTC", at: at + wait * 60_000 });
      assert.equal(then.open, true);
      const justBefore = describeOpening(days, { timeZone: "UTC", at: at + (wait - 1) * 60_000 });
      assert.equal(justBefore.open, false);
    }),
  );
});

Deno.test("hours are written as people write them", () => {
  assert.equal(formatRanges(office[0]!), "08:00-12:00, 13:00-17:00");
  assert.equal(formatRanges(office[1]!), "closed");
});
