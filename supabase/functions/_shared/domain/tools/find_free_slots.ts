import * as z from "zod";
import { listFreeSlots } from "../booking/find_slots.ts";
import { dateSchema, describeBooking, readTaken } from "../booking/plan_booking.ts";
import { parseBusinessHours } from "../business_hours/parse_business_hours.ts";
import { calendarDay } from "../entities/read_date.ts";
import { APPOINTMENT_MINUTES, APPOINTMENTS } from "./book_appointment.ts";
import { defineTool, pickResults } from "./tool.ts";

const MOST = 9;

export const findFreeSlots = defineTool({
  description: "Lists the next free times for an appointment, from a day on.",
  input: z.object({ date: dateSchema.optional() }),
  output: z.object({
    message: z.string(),
    free: z.array(z.object({ date: z.string(), time: z.string() })),
  }),
  reads: ({ date }, { now, settings: { time_zone } }) => [
    readTaken(APPOINTMENTS, { date, now, time_zone }),
  ],
  act({ date }, { now, settings }, results) {
    const { time_zone } = settings;
    const week = parseBusinessHours(settings.business_hours);
    if (week === null) {
      return { output: { message: describeBooking("no_hours", []), free: [] }, effects: [] };
    }
    const today = calendarDay(now, time_zone);
    const taken = pickResults(results, "bookings")[0]?.bookings ?? [];
    const free = listFreeSlots(
      { week, time_zone, now, minutes: APPOINTMENT_MINUTES, units: [taken] },
      { date: date === undefined || date < today ? today : date, limit: MOST },
    ).map(({ date, time }) => ({ date, time }));
    const message = free.length === 0
      ? "Nothing is free in the two weeks from there."
      : `Free: ${free.map(({ date, time }) => `${date} at ${time}`).join(", ")}.`;
    return { output: { message, free }, effects: [] };
  },
});
