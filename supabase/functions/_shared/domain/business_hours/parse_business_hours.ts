import * as z from "zod";

export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
export type Weekday = typeof WEEKDAYS[number];

/** Minutes of the day; an end at or before its start is on the next day. */
export type OpenRange = { from: number; to: number };
/** Seven days, Monday first. */
export type Week = OpenRange[][];

const RANGE = /^([01]\d|2[0-4]):([0-5]\d)\s*-\s*([01]\d|2[0-4]):([0-5]\d)$/;
const ranges = z.array(z.string()).catch([]);
const stored = z.record(z.string(), z.unknown());

/**
 * Opening hours as settings keep them: `{"monday": ["08:00-12:00", "13:00-17:00"]}`, in the
 * organization's time zone. Null where none are set, so that nobody is told of hours that nobody
 * gave; what isn't a range is left out.
 */
export function parseBusinessHours(settings: unknown): Week | null {
  const parsed = stored.safeParse(settings);
  if (!parsed.success) return null;
  const week = WEEKDAYS.map((day) => ranges.parse(parsed.data[day]).flatMap(parseRange));
  return week.every((ranges) => ranges.length === 0) ? null : week;
}

function parseRange(text: string): OpenRange[] {
  const match = RANGE.exec(text.trim());
  if (match === null) return [];
  const [fromHour, fromMinute, toHour, toMinute] = match.slice(1).map(Number);
  const from = fromHour! * 60 + fromMinute!;
  const to = toHour! * 60 + toMinute!;
  return from < 24 * 60 && to <= 24 * 60 ? [{ from, to }] : [];
}
