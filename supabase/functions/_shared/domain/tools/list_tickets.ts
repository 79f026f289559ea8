import * as z from "zod";
import { defineTool, pickResults } from "./tool.ts";

export const listTickets = defineTool({
  description: "Lists the person's own tickets and whether they are resolved.",
  input: z.object({}),
  output: z.object({
    message: z.string(),
    tickets: z.array(z.object({ number: z.string(), subject: z.string(), state: z.string() })),
  }),
  reads: () => [{ kind: "tickets", limit: 5 }],
  act(_input, _context, results) {
    const tickets = pickResults(results, "tickets").flatMap((result) => result.tickets)
      .map(({ number, subject, state }) => ({ number, subject, state }));
    const message = tickets.length === 0
      ? "There is none."
      : tickets.map(({ number, state }) => `${number}: ${state}`).join(", ");
    return { output: { message, tickets }, effects: [] };
  },
});
