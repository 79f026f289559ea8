import * as z from "zod";
import { defineTool, pickResults } from "./tool.ts";

export const listPolicies = defineTool({
  description: "Tells how far the person's own insurance requests are.",
  input: z.object({}),
  output: z.object({
    message: z.string(),
    policies: z.array(z.object({
      vehicle: z.string(),
      cover: z.string(),
      yearly_price: z.number(),
      currency: z.string(),
      state: z.string(),
    })),
  }),
  reads: () => [{ kind: "policies", limit: 5 }],
  act(_input, _context, results) {
    const policies = pickResults(results, "policies").flatMap((result) => result.policies)
      .map(({ vehicle, cover, yearly_price, currency, state }) => ({
        vehicle,
        cover,
        yearly_price,
        currency,
        state,
      }));
    const message = policies.length === 0
      ? "There is none."
      : policies.map(({ vehicle, state }) => `${vehicle}: ${state}`).join(", ");
    return { output: { message, policies }, effects: [] };
  },
});
