import * as z from "zod";
import { estimateFare as computeFare, locate } from "../rides/fare.ts";
import { placeSchema } from "./describe_listing.ts";
import { defineTool, pickResults } from "./tool.ts";

export const estimateFare = defineTool({
  description:
    "Estimates the fare between two places, each a shared location or the name of a known place.",
  input: z.object({ from: placeSchema, to: placeSchema }),
  output: z.object({
    message: z.string(),
    /** `unknown_from`, `unknown_to`: nobody knows where that is. */
    reason: z.enum(["ok", "unknown_from", "unknown_to", "no_tariff"]),
    fare: z.number().nullable(),
    distance_km: z.number().nullable(),
    currency: z.string().nullable(),
  }),
  reads: () => [
    { kind: "tariffs", key: "ride_tariffs" },
    { kind: "tariffs", key: "known_places" },
  ],
  act({ from, to }, _context, results) {
    const [tariff, places] = pickResults(results, "tariffs").map(({ value }) => value);
    const begin = locate(from, places ?? null);
    const end = locate(to, places ?? null);
    const none = { fare: null, distance_km: null, currency: null };
    if (begin === null || end === null) {
      const message = `I don't know where ${(begin === null ? from : to).name ?? "that"} is.`;
      const reason = begin === null ? "unknown_from" as const : "unknown_to" as const;
      return { output: { ...none, message, reason }, effects: [] };
    }
    const estimate = computeFare(tariff ?? null, { from: begin, to: end });
    if (estimate === null) {
      const message = "There is no tariff at the moment.";
      return { output: { ...none, message, reason: "no_tariff" as const }, effects: [] };
    }
    const { fare, distance_km, currency } = estimate;
    const message = `About ${fare} ${currency} for ${distance_km} km.`;
    return { output: { ...estimate, message, reason: "ok" as const }, effects: [] };
  },
});
