import * as z from "zod";
import { describeOpening, formatRanges } from "../business_hours/describe_opening.ts";
import { parseBusinessHours, WEEKDAYS } from "../business_hours/parse_business_hours.ts";
import { defineTool } from "./tool.ts";

export const getBusinessHours = defineTool({
  description: "Tells the opening hours of the organization and whether it is open now.",
  input: z.object({}),
  output: z.object({
    message: z.string(),
    open_now: z.boolean().nullable(),
    time_zone: z.string(),
    week: z.record(z.string(), z.string()).nullable(),
  }),
  act(_input, { settings, now }) {
    const week = parseBusinessHours(settings.business_hours);
    const { time_zone } = settings;
    if (week === null) {
      const message = "The opening hours are not known. Offer to take a message.";
      return { output: { message, open_now: null, time_zone, week: null }, effects: [] };
    }
    const { open, open_until, opens } = describeOpening(week, { timeZone: time_zone, at: now });
    const message = open
      ? open_until === null ? "Open at all hours." : `Open now, until ${open_until}.`
      : `Closed now, opens on ${opens?.day} at ${opens?.time}.`;
    const hours = WEEKDAYS.map((day, index) => [day, formatRanges(week[index]!)]);
    return {
      output: { message, open_now: open, time_zone, week: Object.fromEntries(hours) },
      effects: [],
    };
  },
});
