import * as z from "zod";
import { describeListing, listingSchema } from "./describe_listing.ts";
import { defineTool, pickResults } from "./tool.ts";

export const showListing = defineTool({
  description: "Tells everything about one listing by its id.",
  input: z.object({ listing_id: z.uuid() }),
  output: z.object({ message: z.string(), listing: listingSchema.nullable() }),
  reads: ({ listing_id }) => [{ kind: "listing", id: listing_id }],
  act(_input, _context, results) {
    const listing = pickResults(results, "listing")[0]?.listing ?? null;
    return {
      output: {
        message: listing === null ? "There is no such listing any more." : "Here it is.",
        listing: listing === null ? null : describeListing(listing),
      },
      effects: [],
    };
  },
});
