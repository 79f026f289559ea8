import type { Booking } from "../../ports_agents.ts";
import type { Week } from "../business_hours/parse_business_hours.ts";
import { calendarDay, shiftDay, toMoment, weekdayOf } from "../entities/read_date.ts";

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;
/** Slots are offered at the half hours after the opening; any minute may be asked for. */
const STEP = 30;
/** How far ahead free slots are looked for, and how far ahead something may be booked. */
export const SEARCH_DAYS = 14;
export const BOOKING_DAYS = 180;

/** What can be booked: units that are alike (tables), each with what is taken of it. */
export type Calendar = {
  week: Week;
  time_zone: string;
  /** Milliseconds since 1970. */
  now: number;
  minutes: number;
  units: readonly (readonly Pick<Booking, "starts_at" | "minutes" | "state">[])[];
};

/** A day and time as the clock on the organization's wall has them, and the moment (ISO). */
export type Slot = { date: string; time: string; starts_at: string; unit: number };

export type SlotFound =
  | { kind: "free"; slot: Slot }
  | { kind: "past" | "closed" | "taken" | "too_far" };

/** Whether something can be booked at a time, and which of the units. */
export function findSlot(
  calendar: Calendar,
  { date, time }: { date: string; time: string },
): SlotFound {
  const { now, time_zone } = calendar;
  const starts_at = toMoment(date, time, time_zone);
  if (Date.parse(starts_at) <= now) return { kind: "past" };
  if (date > shiftDay(calendarDay(now, time_zone), BOOKING_DAYS)) return { kind: "too_far" };
  if (!isOpen(calendar, { date, minute: readMinute(time) })) return { kind: "closed" };
  const unit = findUnit(calendar, starts_at);
  return unit === null
    ? { kind: "taken" }
    : { kind: "free", slot: { date, time, starts_at, unit } };
}

/** The next slots that are free, from a day and time on. */
export function listFreeSlots(
  calendar: Calendar,
  { date, time = "00:00", limit }: { date: string; time?: string; limit: number },
): Slot[] {
  const free: Slot[] = [];
  for (let day = 0; day <= SEARCH_DAYS && free.length < limit; day += 1) {
    const on = shiftDay(date, day);
    for (const minute of listStarts(calendar, on)) {
      if (day === 0 && minute < readMinute(time)) continue;
      const found = findSlot(calendar, { date: on, time: writeTime(minute) });
      if (found.kind === "free") free.push(found.slot);
      if (free.length === limit) break;
    }
  }
  return free;
}

function listStarts({ week, minutes }: Calendar, date: string): number[] {
  return (week[weekdayOf(date)] ?? []).flatMap(({ from, to }) => {
    const end = to <= from ? to + DAY_MINUTES : to;
    const starts: number[] = [];
    for (let at = from; at + minutes <= end && at < DAY_MINUTES; at += STEP) starts.push(at);
    return starts;
  }).sort((left, right) => left - right);
}

/** Within one range of the day, or of the night before. */
function isOpen(
  { week, minutes }: Calendar,
  { date, minute }: { date: string; minute: number },
): boolean {
  const today = weekdayOf(date);
  const holds = (day: number, at: number) =>
    (week[day] ?? []).some(({ from, to }) =>
      at >= from && at + minutes <= (to <= from ? to + DAY_MINUTES : to)
    );
  return holds(today, minute) || holds((today + 6) % 7, minute + DAY_MINUTES);
}

function findUnit({ units, minutes }: Calendar, startsAt: string): number | null {
  const from = Date.parse(startsAt);
  const until = from + minutes * MINUTE;
  const free = units.findIndex((taken) =>
    !taken.some(({ state, starts_at, minutes: lasts }) => {
      const start = Date.parse(starts_at);
      return state === "booked" && start < until && start + lasts * MINUTE > from;
    })
  );
  return free < 0 ? null : free;
}

function readMinute(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}

function writeTime(minute: number): string {
  const padded = (part: number) => String(part).padStart(2, "0");
  return `${padded(Math.floor(minute / 60))}:${padded(minute % 60)}`;
}
