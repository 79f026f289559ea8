import { describeOpening } from "../business_hours/describe_opening.ts";
import { parseBusinessHours, type Week, WEEKDAYS } from "../business_hours/parse_business_hours.ts";
import { calendarDay, shiftDay, toMoment, weekdayOf } from "../entities/read_date.ts";

/** Where an organization has said nothing: nobody is called in the evening or on a Sunday. */
const USUAL = parseBusinessHours(
  Object.fromEntries(WEEKDAYS.slice(0, 6).map((day) => [day, ["09:00-18:00"]])),
)!;

export type CallingHours = {
  calling_hours: unknown;
  business_hours: unknown;
  time_zone: string;
};

/** The hours in which people may be called: its own, else when it is open, else the usual ones. */
function readCallingHours({ calling_hours, business_hours }: CallingHours): Week {
  return parseBusinessHours(calling_hours) ?? parseBusinessHours(business_hours) ?? USUAL;
}

/**
 * The first moment from `at` on in which people may be called: `at` itself inside the calling hours,
 * else their next beginning, by the clock on the organization's wall.
 * @param at milliseconds since 1970, as is the result
 */
export function beginCallingHours(hours: CallingHours, at: number): number {
  const week = readCallingHours(hours);
  const timeZone = isTimeZone(hours.time_zone) ? hours.time_zone : "UTC";
  const { opens } = describeOpening(week, { timeZone, at });
  if (opens === null) return at;
  const today = calendarDay(at, timeZone);
  const days = (WEEKDAYS.indexOf(opens.day) - weekdayOf(today) + 7) % 7;
  const begin = Date.parse(toMoment(shiftDay(today, days), opens.time, timeZone));
  return begin > at ? begin : Date.parse(toMoment(shiftDay(today, 7), opens.time, timeZone));
}

/** The next midnight on the organization's wall. */
export function nextMidnight({ time_zone }: CallingHours, at: number): number {
  const timeZone = isTimeZone(time_zone) ? time_zone : "UTC";
  return Date.parse(toMoment(shiftDay(calendarDay(at, timeZone), 1), "00:00", timeZone));
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
