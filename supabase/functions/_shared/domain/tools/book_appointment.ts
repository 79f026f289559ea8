import * as z from "zod";
import { ASK_BOOKING, REMINDER, showMoment } from "../booking/booking_words.ts";
import {
  bookingOutput,
  dateSchema,
  describeBooking,
  planBooking,
  readTaken,
  timeSchema,
} from "../booking/plan_booking.ts";
import { parseBusinessHours } from "../business_hours/parse_business_hours.ts";
import { defineTool, languageOf, pickResults } from "./tool.ts";

export const APPOINTMENTS = "appointments";
export const APPOINTMENT_MINUTES = 30;

/** Shared by chat and phone; a slot that somebody else takes meanwhile is refused where it is written. */
export const bookAppointment = defineTool({
  description:
    "Books an appointment of half an hour within business hours. Read day and time back and have them confirmed first. If the time is taken it answers with the next free ones.",
  input: z.object({
    date: dateSchema,
    time: timeSchema,
    purpose: z.string().trim().max(200).nullish().describe("What it is about"),
    name: z.string().trim().max(100).nullish().describe("Who comes"),
  }),
  output: z.object(bookingOutput),
  confirm: (wanted, language) => `${showMoment(wanted, language)}\n\n${ASK_BOOKING[language]}`,
  reads: ({ date }, { now, settings: { time_zone } }) => [
    readTaken(APPOINTMENTS, { date, now, time_zone }),
  ],
  act({ date, time, purpose, name }, context, results) {
    const { now, settings, newId } = context;
    const week = parseBusinessHours(settings.business_hours);
    const taken = pickResults(results, "bookings")[0]?.bookings ?? [];
    const { reason, slot, free } = planBooking(
      week && {
        week,
        time_zone: settings.time_zone,
        now,
        minutes: APPOINTMENT_MINUTES,
        units: [taken],
      },
      { date, time },
    );
    const message = describeBooking(reason, free);
    if (slot === null) {
      return { output: { message, reason, booking_id: null, date, time, free }, effects: [] };
    }
    const id = newId();
    return {
      output: { message, reason, booking_id: id, date, time, free },
      effects: [{
        kind: "book",
        id,
        resource: APPOINTMENTS,
        starts_at: slot.starts_at,
        minutes: APPOINTMENT_MINUTES,
        details: { ...(purpose ? { purpose } : {}), ...(name ? { name } : {}) },
        reminder: [`${REMINDER[languageOf(context)]} ${time}.`, purpose].filter(Boolean).join(" "),
      }],
    };
  },
});
