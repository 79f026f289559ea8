import * as z from "zod";
import { COVER_NAMES, VEHICLE_NAMES } from "../insurance/insured_words.ts";
import { coverSchema, quotePolicy, vehicleSchema } from "../insurance/quote.ts";
import { defineTool, pickResults } from "./tool.ts";

export const requestPolicy = defineTool({
  description:
    "Requests an insurance policy for the person, at the yearly price that quote_insurance told and the person agreed to.",
  input: z.object({
    vehicle: vehicleSchema,
    cover: coverSchema,
    plate: z.string().trim().min(2).max(20).describe("The vehicle's registration number"),
    yearly_price: z.number().min(0).describe("What the person agreed to"),
  }),
  output: z.object({
    message: z.string(),
    requested: z.boolean(),
    /** Where it is another price than the one agreed to; null where it has none. */
    yearly_price: z.number().nullable(),
    currency: z.string().nullable(),
  }),
  confirm: ({ vehicle, cover, plate, yearly_price }, language) => {
    const words = {
      en: "Request this policy?",
      fr: "Demander cette police ?",
      sw: "Niombe bima hii?",
      rw: "Nsabe ubu bwishingizi?",
    };
    const facts = [
      VEHICLE_NAMES[vehicle][language],
      COVER_NAMES[cover][language],
      plate,
      yearly_price.toLocaleString("en-US"),
    ];
    return `${facts.join(" · ")}\n\n${words[language]}`;
  },
  reads: () => [{ kind: "tariffs", key: "insurance_tariffs" }],
  act({ vehicle, cover, plate, yearly_price: agreed }, { newId, person }, results) {
    const quote = quotePolicy(pickResults(results, "tariffs")[0]?.value ?? null, {
      vehicle,
      cover,
    });
    const known = { yearly_price: quote?.yearly_price ?? null, currency: quote?.currency ?? null };
    if (quote === null || quote.yearly_price !== agreed || person.contactId === null) {
      const message = quote === null
        ? "There is no price for it at the moment."
        : person.contactId === null
        ? "The caller's number is withheld, so nobody could answer."
        : `It costs ${quote.yearly_price} ${quote.currency} a year. Have that confirmed first.`;
      return { output: { message, requested: false, ...known }, effects: [] };
    }
    return {
      output: {
        message: "The policy is requested; the organization will answer.",
        requested: true,
        ...known,
      },
      effects: [{
        kind: "request_policy",
        id: newId(),
        vehicle,
        cover,
        ...quote,
        details: { plate },
      }],
    };
  },
});
