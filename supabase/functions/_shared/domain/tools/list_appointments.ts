import * as z from "zod";
import { calendarDay } from "../entities/read_date.ts";
import { BOOKING_DAYS } from "../booking/find_slots.ts";
import { APPOINTMENTS } from "./book_appointment.ts";
import { defineTool, pickResults } from "./tool.ts";

const DAY = 86_400_000;
const MOST = 9;

export const listAppointments = defineTool({
  description: "Lists the person's own appointments that are still to come.",
  input: z.object({}),
  output: z.object({
    message: z.string(),
    appointments: z.array(z.object({ id: z.string(), date: z.string(), time: z.string() })),
  }),
  reads: (_input, { now }) => [{
    kind: "bookings",
    resource: APPOINTMENTS,
    from: new Date(now).toISOString(),
    until: new Date(now + BOOKING_DAYS * DAY).toISOString(),
  }],
  act(_input, { settings: { time_zone } }, results) {
    const appointments = pickResults(results, "bookings").flatMap(({ bookings }) => bookings)
      .filter(({ is_own, state }) => is_own && state === "booked")
      .slice(0, MOST)
      .map(({ id, starts_at }) => ({ id, ...readClock(Date.parse(starts_at), time_zone) }));
    const message = appointments.length === 0
      ? "There is none."
      : appointments.map(({ date, time }) => `${date} at ${time}`).join(", ");
    return { output: { message, appointments }, effects: [] };
  },
});

/** A moment as people of a time zone read it: `2026-11-24` and `10:00`. */
export function readClock(at: number, timeZone: string): { date: string; time: string } {
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    hour: "2-digit",
    minute: "2-digit",
  }).format(at);
  return { date: calendarDay(at, timeZone), time };
}
