import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type Calendar, resolveDays, tellDays } from "./relative_days.ts";

const FRIDAY: Calendar = { today: "2026-11-20", offsetMinutes: 120, language: "rw" };

Deno.test("days are written out where and when it happens", () => {
  const cases: [string, string][] = [
    ["<today+0>", "2026-11-20"],
    ["<today+42>", "2027-01-01"],
    ["<d/m+1>, 10:30", "21/11, 10:30"],
    ["Umunsi: <weekday+3> <d/m+3>", "Umunsi: ku wa mbere 23/11"],
    ["<today+1T00:30>", "2026-11-20T22:30:00.000Z"],
  ];
  for (const [told, resolved] of cases) {
    assert.equal(resolveDays(told, FRIDAY), resolved);
    assert.equal(tellDays(resolved, FRIDAY), told);
  }
  assert.deepEqual(resolveDays({ "<day+1>": ["09:00-22:00"] }, FRIDAY), {
    saturday: ["09:00-22:00"],
  });
  assert.equal(tellDays("ku wa kane 23/11", FRIDAY), "ku wa kane <d/m+3>", "another day shows");
});

Deno.test("a date of the next year is told with it or without, and none with another", () => {
  const thursday = { today: "2026-12-31", offsetMinutes: 0, language: "en" };
  for (const told of ["Day: Friday 01/01/2027", "Day: Friday 01/01"]) {
    assert.equal(tellDays(told, thursday), "Day: <weekday+1> <d/m+1>");
  }
  for (const wrong of ["Day: Friday 01/01/2028", "Day: Thursday 31/12/2026"]) {
    assert.equal(tellDays(wrong, thursday), wrong);
  }
});

Deno.test("what is told of any day reads as it was written", () => {
  const days = fc.nat(40);
  const part = fc.oneof(
    days.map((after) => `<today+${after}>`),
    days.map((after) => `<weekday+${after}> <d/m+${after}>`),
    fc.tuple(days, fc.nat(23)).map(([after, hour]) =>
      `<today+${after}T${String(hour).padStart(2, "0")}:05>`
    ),
    fc.constantFrom("3,000 RWF", "08:00-12:00", "· Kigali →", "\n"),
  );
  fc.assert(fc.property(
    fc.array(part, { maxLength: 6 }),
    fc.date({
      min: new Date("2026-01-01"),
      max: new Date("2029-12-31"),
      noInvalidDate: true,
    }),
    fc.integer({ min: -12, max: 14 }),
    fc.constantFrom("en", "fr", "sw", "rw"),
    (parts, date, hours, language) => {
      const calendar = {
        today: date.toISOString().slice(0, 10),
        offsetMinutes: hours * 60,
        language,
      };
      const told = parts.join(" | ");
      assert.equal(tellDays(resolveDays(told, calendar), calendar), told);
    },
  ));
});
