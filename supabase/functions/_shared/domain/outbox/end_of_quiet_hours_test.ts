import assert from "node:assert/strict";
import * as fc from "fast-check";
import { endOfQuietHours } from "./end_of_quiet_hours.ts";

const at = (text: string) => Date.parse(text);
const nights = { daily: ["21:00-07:00"] };

Deno.test("quiet hours end where the settings say, in the organization's time zone", async (test) => {
  const cases: [string, unknown, string, string, string | null][] = [
    ["in the evening", nights, "UTC", "2026-11-20T22:30:00Z", "2026-11-21T07:00:00Z"],
    ["after midnight", nights, "UTC", "2026-11-21T03:00:10Z", "2026-11-21T07:00:00Z"],
    ["by day", nights, "UTC", "2026-11-20T12:00:00Z", null],
    ["at the minute they begin", nights, "UTC", "2026-11-20T21:00:00Z", "2026-11-21T07:00:00Z"],
    ["at the minute they end", nights, "UTC", "2026-11-21T07:00:00Z", null],
    ["in Kigali", nights, "Africa/Kigali", "2026-11-20T19:30:00Z", "2026-11-21T05:00:00Z"],
    ["in Kathmandu", nights, "Asia/Kathmandu", "2026-11-20T16:00:00Z", "2026-11-21T01:15:00Z"],
    ["not yet in Kigali", nights, "Africa/Kigali", "2026-11-20T18:30:00Z", null],
    ["an unknown zone", nights, "Mars/Olympus", "2026-11-20T22:00:00Z", "2026-11-21T07:00:00Z"],
    [
      "a Sunday",
      { sunday: ["00:00-24:00"] },
      "UTC",
      "2026-11-22T10:00:00Z",
      "2026-11-23T00:00:00Z",
    ],
    ["a Saturday", { sunday: ["00:00-24:00"] }, "UTC", "2026-11-21T10:00:00Z", null],
    [
      "ranges that touch",
      { daily: ["20:00-22:00", "22:00-06:00"] },
      "UTC",
      "2026-11-20T20:10:00Z",
      "2026-11-21T06:00:00Z",
    ],
    [
      "the night of Friday alone",
      { friday: ["22:00-06:00"] },
      "UTC",
      "2026-11-21T05:00:00Z",
      "2026-11-21T06:00:00Z",
    ],
    ["quiet for ever is never", { daily: ["00:00-24:00"] }, "UTC", "2026-11-21T05:00:00Z", null],
    ["none set", {}, "UTC", "2026-11-20T22:30:00Z", null],
    ["not an object", null, "UTC", "2026-11-20T22:30:00Z", null],
    ["not hours", { daily: ["late"] }, "UTC", "2026-11-20T22:30:00Z", null],
  ];
  for (const [name, settings, timeZone, now, end] of cases) {
    await test.step(name, () => {
      const found = endOfQuietHours(settings, { timeZone, now: at(now) });
      assert.equal(
        found === null ? null : new Date(found).toISOString(),
        end && new Date(at(end)).toISOString(),
      );
    });
  }
});

Deno.test("the end is never quiet itself", () => {
  const hour = fc.integer({ min: 0, max: 23 }).map((value) =>
    `${String(value).padStart(2, "0")}:00`
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(hour, hour).map(([from, to]) => `${from}-${to}`), { maxLength: 3 }),
      fc.integer({ min: 1_790_000_000, max: 1_800_000_000 }),
      fc.constantFrom("UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe"),
      (daily, seconds, timeZone) => {
        const end = endOfQuietHours({ daily }, { timeZone, now: seconds * 1000 });
        if (end === null) return;
        assert.ok(end > seconds * 1000);
        assert.equal(endOfQuietHours({ daily }, { timeZone, now: end }), null);
      },
    ),
    { numRuns: 100 },
  );
});
