import * as z from "zod";
import { listingDomainSchema } from "./search_listings.ts";
import { defineTool, pickResults } from "./tool.ts";

export const guidePrice = defineTool({
  description: "Tells what people ask for something, from the offers of the last 60 days.",
  input: z.object({
    domain: listingDomainSchema.default("farmer"),
    category: z.string().trim().min(1).max(60).describe("Such as a crop: maize, beans, potatoes"),
  }),
  output: z.object({
    message: z.string(),
    prices: z.object({
      count: z.number(),
      low: z.number(),
      median: z.number(),
      high: z.number(),
      currency: z.string(),
    }).nullable(),
  }),
  reads: ({ domain, category }) => [{ kind: "prices", domain, category }],
  act({ category }, _context, results) {
    const prices = pickResults(results, "prices")[0]?.prices ?? null;
    const message = prices === null
      ? `There are no recent offers of ${category} to tell a price from.`
      : `${prices.count} offers of ${category}: ${prices.low} to ${prices.high} ${prices.currency}, half of them below ${prices.median}.`;
    return { output: { message, prices }, effects: [] };
  },
});
