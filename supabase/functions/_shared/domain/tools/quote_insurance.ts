import * as z from "zod";
import { coverSchema, quotePolicy, vehicleSchema } from "../insurance/quote.ts";
import { defineTool, pickResults } from "./tool.ts";

export const quoteInsurance = defineTool({
  description: "Tells what the insurance of a car, a motorcycle or a truck costs a year.",
  input: z.object({ vehicle: vehicleSchema, cover: coverSchema.default("third_party") }),
  output: z.object({
    message: z.string(),
    vehicle: z.string(),
    cover: z.string(),
    yearly_price: z.number().nullable(),
    currency: z.string().nullable(),
  }),
  reads: () => [{ kind: "tariffs", key: "insurance_tariffs" }],
  act({ vehicle, cover }, _context, results) {
    const quote = quotePolicy(pickResults(results, "tariffs")[0]?.value ?? null, {
      vehicle,
      cover,
    });
    const message = quote === null
      ? "There is no price for it at the moment. Offer to take a message."
      : `${quote.yearly_price} ${quote.currency} a year.`;
    return {
      output: {
        message,
        vehicle,
        cover,
        yearly_price: quote?.yearly_price ?? null,
        currency: quote?.currency ?? null,
      },
      effects: [],
    };
  },
});
