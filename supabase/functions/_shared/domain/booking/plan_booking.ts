import * as z from "zod";
import type { Read } from "../../ports_agents.ts";
import { calendarDay, shiftDay, toMoment } from "../entities/read_date.ts";
import { type Calendar, findSlot, listFreeSlots, SEARCH_DAYS, type Slot } from "./find_slots.ts";

const OFFERED = 3;
const MOST_A_DAY = 48;

export const dateSchema = z.iso.date().describe("YYYY-MM-DD, by the organization's calendar");
export const timeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe("HH:MM, by the organization's clock");

/** What every booking tool answers. */
export const bookingOutput = {
  message: z.string(),
  reason: z.enum(["booked", "taken", "closed", "past", "too_far", "no_hours", "not_found"]),
  booking_id: z.string().nullable(),
  date: z.string(),
  time: z.string(),
  /** The next free slots, where what was wanted can't be booked. */
  free: z.array(z.object({ date: z.string(), time: z.string() })),
};
export type BookingReason = z.output<typeof bookingOutput.reason>;

/** What is taken of a resource around a day: the day before, and as far as free slots are looked for. */
export function readTaken(
  resource: string,
  { date, now, time_zone }: { date: string | undefined; now: number; time_zone: string },
): Read {
  const today = calendarDay(now, time_zone);
  const day = date === undefined || date < today ? today : date;
  return {
    kind: "bookings",
    resource,
    from: toMoment(shiftDay(day, -1), "00:00", time_zone),
    until: toMoment(shiftDay(day, SEARCH_DAYS + 2), "00:00", time_zone),
  };
}

/** Whether what is wanted can be booked; else why not, and what is free instead. */
export function planBooking(
  calendar: Calendar | null,
  wanted: { date: string; time: string },
): { reason: BookingReason; slot: Slot | null; free: { date: string; time: string }[] } {
  if (calendar === null) return { reason: "no_hours", slot: null, free: [] };
  const found = findSlot(calendar, wanted);
  if (found.kind === "free") return { reason: "booked", slot: found.slot, free: [] };
  const today = calendarDay(calendar.now, calendar.time_zone);
  const from = found.kind === "past" || found.kind === "too_far" ? { date: today } : wanted;
  const next = listFreeSlots(calendar, { ...from, limit: OFFERED });
  const free = [...findBefore(calendar, wanted, next), ...next].slice(0, OFFERED)
    .map(({ date, time }) => ({ date, time }));
  return { reason: found.kind, slot: null, free };
}

/** Where nothing later is free on that day, the last time before is nearer than the days after. */
function findBefore(
  calendar: Calendar,
  { date, time }: { date: string; time: string },
  next: readonly Slot[],
): Slot[] {
  if (next[0]?.date === date) return [];
  return listFreeSlots(calendar, { date, limit: MOST_A_DAY })
    .filter((slot) => slot.date === date && slot.time < time).slice(-1);
}

const REASONS: { [Reason in BookingReason]: string } = {
  booked: "It is booked.",
  taken: "That time is taken.",
  closed: "It is closed at that time.",
  past: "That time has passed.",
  too_far: "That is too far ahead.",
  no_hours: "The opening hours are not known, so nothing can be booked. Offer to take a message.",
  not_found: "There is no such place.",
};

/** For a model: what came of it, and what is free instead. */
export function describeBooking(
  reason: BookingReason,
  free: readonly { date: string; time: string }[],
): string {
  const next = free.map(({ date, time }) => `${date} at ${time}`).join(", ");
  return next === "" ? REASONS[reason] : `${REASONS[reason]} Free: ${next}.`;
}
