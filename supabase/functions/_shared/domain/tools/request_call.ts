import * as z from "zod";
import { AHEAD_DAYS, isCallDay } from "../calling/call_window.ts";
import { dateSchema, timeSchema } from "../booking/plan_booking.ts";
import {
  CALL_OBSTACLES,
  type CallObstacle,
  findCallObstacle,
  isCallingOff,
} from "../calling/find_call_obstacle.ts";
import { toMoment } from "../entities/read_date.ts";
import type { CallingFacts } from "../../ports_calling.ts";
import type { ReadResult } from "../../ports_agents.ts";
import { defineTool, pickResults, type ToolContext } from "./tool.ts";

const REFUSALS: { [Reason in CallObstacle | "switched_off" | "under_way" | "too_far"]: string } = {
  no_number: "There is no number to call. Offer to take a message.",
  opted_out: "They wrote STOP and are not called before they write START. Offer to take a message.",
  not_connected: "Nobody can be called from here at the moment. Offer to take a message.",
  switched_off: "Nobody is called from here at the moment. Offer to take a message.",
  country_not_allowed: "Numbers of their country are not called. Offer to take a message.",
  under_way: "They are being called already.",
  too_far: `A call may be asked for today or within ${AHEAD_DAYS} days. Ask for another day.`,
};
const CALLING = [{ kind: "calling" }] as const;

const output = z.object({
  message: z.string(),
  requested: z.boolean(),
  reason: z.enum([
    "requested",
    "moved",
    "switched_off",
    "under_way",
    "too_far",
    ...CALL_OBSTACLES,
  ]),
});

/** Asked for here, made by a job: `services/place_call.ts`. */
export const requestCall = defineTool({
  description:
    "Asks for a call back by phone to the person's own number, within calling hours and 30 days; what they asked for before is replaced. Have it confirmed first.",
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
    if (date && !isCallDay(date, { now, time_zone })) {
      return { output: explain("too_far"), effects: [] };
    }
    const wanted = date ? toMoment(date, time ?? "08:00", time_zone) : null;
    const isMoved = findOpen(results) !== null;
    const message = "Somebody will call within calling hours.";
    return {
      output: {
        message: isMoved ? `${message} It replaces the call asked for before.` : message,
        requested: true,
        reason: isMoved ? "moved" as const : "requested" as const,
      },
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
    : findCallObstacle(calling) ?? (isCallingOff(calling) ? "switched_off" : null);
  if (obstacle !== null) return explain(obstacle);
  const open = findOpen(results);
  return open === null || open.state === "requested" ? null : explain("under_way");
}

function findOpen(results: readonly ReadResult[]): CallingFacts["open"] {
  return pickResults(results, "calling")[0]?.calling.open ?? null;
}

function explain(reason: keyof typeof REFUSALS): z.output<typeof output> {
  return { message: REFUSALS[reason], requested: false, reason };
}
