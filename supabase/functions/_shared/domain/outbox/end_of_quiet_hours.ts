import {
  type OpenRange,
  parseBusinessHours,
  type Week,
} from "../business_hours/parse_business_hours.ts";

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;
/** A week of ranges that touch is quiet for ever; nobody means that. */
const LONGEST_DAYS = 8;
const WEEKDAY_INDEX: Record<string, number> = {
  Mon: 0,
  Tue: 1,
  Wed: 2,
  Thu: 3,
  Fri: 4,
  Sat: 5,
  Sun: 6,
};

/**
 * When the quiet hours that hold at `now` end; null when none do. Settings keep them as business
 * hours are kept: `{"monday": ["21:00-07:00"], …}`, or `{"daily": ["21:00-07:00"]}` for every day, in
 * the organization's time zone. A time zone that doesn't exist is read as UTC.
 * @param now milliseconds since 1970, as is the result
 */
export function endOfQuietHours(
  settings: unknown,
  { timeZone, now }: { timeZone: string; now: number },
): number | null {
  const week = parseQuietHours(settings);
  if (week === null) return null;
  const format = createFormat(timeZone);
  const isQuiet = (at: number) => isInside(week, readLocalTime(format, at));
  if (!isQuiet(now)) return null;
  // Whole local minutes: zones move by quarters of an hour, ranges begin and end on minutes.
  let at = Math.floor(now / MINUTE) * MINUTE;
  const last = at + LONGEST_DAYS * DAY_MINUTES * MINUTE;
  const coarse = 15 * MINUTE;
  while (at < last && isQuiet(at + coarse)) at += coarse;
  while (at < last && isQuiet(at)) at += MINUTE;
  return at < last ? at : null;
}

function parseQuietHours(settings: unknown): Week | null {
  if (typeof settings !== "object" || settings === null) return null;
  const { daily, ...days } = settings as Record<string, unknown>;
  const everyDay = parseBusinessHours({ monday: daily })?.[0] ?? [];
  const week = parseBusinessHours(days) ?? Array.from({ length: 7 }, (): OpenRange[] => []);
  const merged = week.map((ranges) => [...ranges, ...everyDay]);
  return merged.every((ranges) => ranges.length === 0) ? null : merged;
}

function isInside(week: Week, { day, minute }: { day: number; minute: number }): boolean {
  const today = week[day] ?? [];
  const yesterday = week[(day + 6) % 7] ?? [];
  return today.some(({ from, to }) => minute >= from && (minute < to || to <= from)) ||
    yesterday.some(({ from, to }) => to <= from && minute < to);
}

function createFormat(timeZone: string): Intl.DateTimeFormat {
  const options = {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  } as const;
  try {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
  }
}

function readLocalTime(format: Intl.DateTimeFormat, at: number): { day: number; minute: number } {
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, value]),
  );
  return {
    day: WEEKDAY_INDEX[parts["weekday"] ?? "Mon"] ?? 0,
    minute: Number(parts["hour"]) * 60 + Number(parts["minute"]),
  };
}
