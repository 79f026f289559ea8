import * as z from "zod";
import { defineTool } from "./tool.ts";

/** Crockford's digits: none that is taken for another when it is read aloud. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SUBJECT = 80;

export const openTicket = defineTool({
  description:
    "Opens a ticket about a problem, with a number that the person can name later. Have it confirmed first.",
  input: z.object({ problem: z.string().trim().min(5).max(3000) }),
  output: z.object({ message: z.string(), number: z.string() }),
  confirm: ({ problem }, language) => {
    const words = {
      en: "Open a ticket about this?",
      fr: "Ouvrir un ticket à ce sujet ?",
      sw: "Nifungue tiketi kuhusu hili?",
      rw: "Nfungure tike kuri ibi?",
    };
    return `${problem.slice(0, 500)}\n\n${words[language]}`;
  },
  act({ problem }, { newId }) {
    const id = newId();
    const number = numberTicket(id);
    return {
      output: { message: `The ticket is ${number}.`, number },
      effects: [{
        kind: "open_ticket",
        id,
        number,
        subject: problem.split("\n")[0]!.slice(0, SUBJECT).toWellFormed(),
        body: problem,
      }],
    };
  },
});

/** "T-7K2M-QX4P": forty bits of the id. */
export function numberTicket(id: string): string {
  let rest = BigInt(`0x${id.replace(/[^0-9a-f]/gi, "").slice(-10) || "0"}`);
  let digits = "";
  for (let place = 0; place < 8; place += 1) {
    digits = DIGITS[Number(rest % 32n)] + digits;
    rest /= 32n;
  }
  return `T-${digits.slice(0, 4)}-${digits.slice(4)}`;
}
