import * as z from "zod";
import { defineTool, pickResults } from "./tool.ts";

const CALLING = [{ kind: "calling" }] as const;
const output = z.object({
  message: z.string(),
  reason: z.enum(["cancelled", "none_asked", "under_way"]),
});
type Answer = z.output<typeof output>;

const MESSAGES: { [Reason in Answer["reason"]]: string } = {
  cancelled: "The call is cancelled.",
  none_asked: "No call is asked for, so there is none to cancel.",
  under_way: "The call is being made already.",
};
const answer = (reason: Answer["reason"]): Answer => ({ message: MESSAGES[reason], reason });

/** What `request_call` asked for, as long as nobody calls. */
export const cancelCall = defineTool({
  description: "Cancels the call back that the person has asked for. Have it confirmed first.",
  input: z.object({}),
  output,
  guard: { reads: CALLING, refuse: (_context, results) => refuse(results) },
  confirm: (_input, language) => {
    const words = {
      en: "Cancel the call you asked for?",
      fr: "Annuler l'appel demandé ?",
      sw: "Nighairi simu uliyoomba?",
      rw: "Mpagarike guhamagarwa mwasabye?",
    };
    return words[language];
  },
  reads: () => [...CALLING],
  act(_input, _context, results) {
    const refused = refuse(results);
    return refused === null
      ? { output: answer("cancelled"), effects: [{ kind: "cancel_call" }] }
      : { output: refused, effects: [] };
  },
});

function refuse(results: Parameters<typeof pickResults>[0]): Answer | null {
  const open = pickResults(results, "calling")[0]?.calling.open ?? null;
  if (open === null) return answer("none_asked");
  return open.state === "requested" ? null : answer("under_way");
}
