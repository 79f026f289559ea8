import * as z from "zod";
import { dateSchema, timeSchema } from "../booking/plan_booking.ts";
import { toMoment } from "../entities/read_date.ts";
import { defineTool } from "./tool.ts";

export const requestCall = defineTool({
  description:
    "Asks for a call back by phone to the person's own number, within calling hours. Have it confirmed first.",
  input: z.object({
    reason: z.string().trim().min(2).max(500),
    date: dateSchema.nullish(),
    time: timeSchema.nullish(),
  }),
  output: z.object({ message: z.string(), requested: z.boolean() }),
  confirm: ({ reason }, language) => {
    const words = {
      en: "Ask for this call?",
      fr: "Demander cet appel ?",
      sw: "Niombe simu hii?",
      rw: "Nsabe ko baguhamagara?",
    };
    return `${reason}\n\n${words[language]}`;
  },
  act({ reason, date, time }, { person, newId, now, settings: { time_zone } }) {
    if (person.contactId === null || person.phoneNumber === null) {
      const message = "There is no number to call. Offer to take a message.";
      return { output: { message, requested: false }, effects: [] };
    }
    const wanted = date ? toMoment(date, time ?? "08:00", time_zone) : null;
    return {
      output: { message: "Somebody will call within calling hours.", requested: true },
      effects: [{
        kind: "request_call",
        id: newId(),
        reason,
        not_before: wanted !== null && Date.parse(wanted) > now ? wanted : null,
      }],
    };
  },
});
