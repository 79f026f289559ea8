import * as z from "zod";
import { dateSchema, timeSchema } from "../booking/plan_booking.ts";
import {
  CALL_OBSTACLES,
  type CallObstacle,
  findCallObstacle,
} from "../calling/find_call_obstacle.ts";
import { toMoment } from "../entities/read_date.ts";
import type { ReadResult } from "../../ports_agents.ts";
import { defineTool, pickResults, type ToolContext } from "./tool.ts";

const REFUSALS: { [Reason in CallObstacle]: string } = {
  no_number: "There is no number to call. Offer to take a message.",
  opted_out: "They wrote STOP and are not called before they write START. Offer to take a message.",
  not_connected: "Nobody can be called from here at the moment. Offer to take a message.",
  country_not_allowed: "Numbers of their country are not called. Offer to take a message.",
};
const CALLING = [{ kind: "calling" }] as const;

const output = z.object({
  message: z.string(),
  requested: z.boolean(),
  reason: z.enum(["requested", ...CALL_OBSTACLES]),
});

/** Asked for here, made by a job: `services/place_call.ts`. */
export const requestCall = defineTool({
  description:
    "Asks for a call back by phone to the person's own number, within calling hours. Have it confirmed first.",
  input: z.object({
    reason: z.string().trim().min(2).max(500),
    date: dateSchema.nullish(),
    time: timeSchema.nullish(),
  }),
  output,
  guard: { reads: CALLING, refuse },
  confirm: ({ reason }, language) => {
    const words = {
      en: "Ask for this call?",
      fr: "Demander cet appel ?",
      sw: "Niombe simu hii?",
      rw: "Nsabe ko baguhamagara?",
    };
    return `${reason}\n\n${words[language]}`;
  },
  reads: () => [...CALLING],
  act({ reason, date, time }, context, results) {
    const refused = refuse(context, results);
    if (refused !== null) return { output: refused, effects: [] };
    const { newId, now, settings: { time_zone } } = context;
    const wanted = date ? toMoment(date, time ?? "08:00", time_zone) : null;
    const message = "Somebody will call within calling hours.";
    return {
      output: { message, requested: true, reason: "requested" as const },
      effects: [{
        kind: "request_call",
        id: newId(),
        reason,
        not_before: wanted !== null && Date.parse(wanted) > now ? wanted : null,
      }],
    };
  },
});

function refuse(
  { person }: ToolContext,
  results: readonly ReadResult[],
): z.output<typeof output> | null {
  const calling = pickResults(results, "calling")[0]?.calling;
  const obstacle = person.contactId === null || calling === undefined
    ? "no_number"
    : findCallObstacle(calling);
  if (obstacle === null) return null;
  return { message: REFUSALS[obstacle], requested: false, reason: obstacle };
}
