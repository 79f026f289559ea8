import * as z from "zod";
import type { Listing } from "../../ports_agents.ts";

const attribute = z.union([z.string().max(500), z.number(), z.boolean(), z.null()]);
export const attributesSchema = z.record(z.string().max(40), attribute);

export const placeSchema = z.object({
  name: z.string().trim().max(120).nullable().default(null),
  latitude: z.number().min(-90).max(90).nullable().default(null),
  longitude: z.number().min(-180).max(180).nullable().default(null),
});

/** What is told of a listing: never who owns it. */
export const listingSchema = z.object({
  id: z.string(),
  domain: z.string(),
  side: z.string(),
  title: z.string(),
  description: z.string(),
  category: z.string().nullable(),
  price: z.number().nullable(),
  currency: z.string(),
  price_unit: z.string().nullable(),
  quantity: z.number().nullable(),
  place: z.string().nullable(),
  distance_km: z.number().nullable(),
  state: z.string(),
  is_own: z.boolean(),
  attributes: z.record(z.string(), z.json()),
});
export type DescribedListing = z.output<typeof listingSchema>;

export function describeListing(listing: Listing): DescribedListing {
  const { id, domain, side, title, description, category, price, currency } = listing;
  const { price_unit, quantity, place, distance_km, state, is_own, attributes } = listing;
  return {
    id,
    domain,
    side,
    title,
    description,
    category,
    price,
    currency,
    price_unit,
    quantity,
    place: place?.name ?? null,
    distance_km: distance_km === null ? null : Math.round(distance_km * 10) / 10,
    state,
    is_own,
    attributes: attributes as DescribedListing["attributes"],
  };
}
