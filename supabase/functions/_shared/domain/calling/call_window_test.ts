import assert from "node:assert/strict";
import { isCallDay, isTooLate } from "./call_window.ts";

const here = { now: Date.parse("2026-11-23T22:30:00Z"), time_zone: "Africa/Kigali" };

Deno.test("a call may be asked for today and thirty days ahead, by the organization's calendar", () => {
  const days = ["2026-11-23", "2026-11-24", "2026-12-24", "2026-12-25", "2099-01-01"];
  assert.deepEqual(days.filter((day) => isCallDay(day, here)), ["2026-11-24", "2026-12-24"]);
});

Deno.test("who wasn't called in ten days isn't called any more", () => {
  const ago = (days: number) => new Date(here.now - days * 86_400_000).toISOString();
  assert.deepEqual([-3, 0, 9, 10, 11].filter((days) => isTooLate(ago(days), here.now)), [11]);
});
