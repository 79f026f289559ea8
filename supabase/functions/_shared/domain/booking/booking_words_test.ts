import assert from "node:assert/strict";
import { showDate } from "./booking_words.ts";

Deno.test("a day is shown with its year where that isn't this one", () => {
  const cases: [string, string | undefined, string][] = [
    ["2026-11-24", "2026-11-23", "Tuesday 24/11"],
    ["2027-01-01", "2026-11-23", "Friday 01/01/2027"],
    ["2099-01-01", "2026-11-23", "Thursday 01/01/2099"],
    ["2099-01-01", undefined, "Thursday 01/01"],
    ["tomorrow", "2026-11-23", "tomorrow"],
  ];
  for (const [date, today, shown] of cases) assert.equal(showDate(date, "en", today), shown);
});
