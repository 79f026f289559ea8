import * as z from "zod";
import { attributesSchema, placeSchema } from "./describe_listing.ts";
import { listingDomainSchema } from "./search_listings.ts";
import { defineTool } from "./tool.ts";

export const createListing = defineTool({
  description:
    "Publishes what the person offers or looks for, so that others find it. Read it back and have it confirmed first.",
  input: z.object({
    domain: listingDomainSchema,
    side: z.enum(["offer", "request"]).default("offer"),
    title: z.string().trim().min(2).max(120),
    description: z.string().trim().max(2000).default(""),
    category: z.string().trim().max(60).nullish(),
    price: z.number().min(0).max(1e12).nullish(),
    currency: z.string().regex(/^[A-Z]{3}$/),
    price_unit: z.string().trim().max(20).nullish().describe(
      "What the price is for: kg, month, seat",
    ),
    quantity: z.number().min(0).max(1e9).nullish(),
    place: placeSchema.nullish(),
    attributes: attributesSchema.default({}),
  }),
  defaults: ({ currency = "RWF" }) => ({ currency }),
  output: z.object({ message: z.string(), listing_id: z.string().nullable() }),
  confirm: ({ title, price, currency, place }, language) => {
    const words = {
      en: "Publish this?",
      fr: "Publier ceci ?",
      sw: "Nitangaze hii?",
      rw: "Mbitangaze?",
    };
    const facts = [
      title,
      price ? `${price.toLocaleString("en-US")} ${currency}` : "",
      place?.name ?? "",
    ];
    return `${facts.filter(Boolean).join(" · ")}\n\n${words[language]}`;
  },
  act({ category, price, price_unit, quantity, place, ...listing }, { person, newId }) {
    if (person.contactId === null) {
      return {
        output: {
          message: "The caller's number is withheld, so nothing can be published for them.",
          listing_id: null,
        },
        effects: [],
      };
    }
    const id = newId();
    return {
      output: {
        message: "It is published. People who are interested can answer it here.",
        listing_id: id,
      },
      effects: [{
        kind: "create_listing",
        id,
        listing: {
          ...listing,
          category: category || null,
          price: price ?? null,
          price_unit: price_unit || null,
          quantity: quantity ?? null,
          place: place ?? null,
        },
      }],
    };
  },
});
