import * as z from "zod";
import { dateSchema, timeSchema } from "../booking/plan_booking.ts";
import { toMoment } from "../entities/read_date.ts";
import { placeSchema } from "./describe_listing.ts";
import { defineTool } from "./tool.ts";

export const listRide = defineTool({
  description:
    "Publishes a ride that the person offers, or one that the person looks for; who fits is told. Read it back and have it confirmed first.",
  input: z.object({
    side: z.enum(["offer", "request"]),
    from: placeSchema,
    to: placeSchema,
    date: dateSchema,
    time: timeSchema,
    seats: z.int().min(1).max(60).default(1),
    price: z.number().min(0).max(1e9).nullish().describe("Of a seat"),
    currency: z.string().regex(/^[A-Z]{3}$/),
  }),
  defaults: ({ currency = "RWF" }) => ({ currency }),
  output: z.object({
    message: z.string(),
    reason: z.enum(["listed", "past", "no_number"]),
    listing_id: z.string().nullable(),
  }),
  confirm: ({ from, to, date, time, price, currency }, language) => {
    const words = {
      en: "Publish this ride?",
      fr: "Publier ce trajet ?",
      sw: "Nitangaze safari hii?",
      rw: "Ntangaze uru rugendo?",
    };
    const facts = [
      `${from.name ?? "📍"} → ${to.name ?? "📍"}`,
      `${date} ${time}`,
      price ? `${price.toLocaleString("en-US")} ${currency}` : "",
    ];
    return `${facts.filter(Boolean).join(" · ")}\n\n${words[language]}`;
  },
  act({ side, from, to, date, time, seats, price, currency }, context) {
    const { now, settings: { time_zone }, person, newId } = context;
    const departs_at = toMoment(date, time, time_zone);
    if (person.contactId === null || Date.parse(departs_at) <= now) {
      const isPast = person.contactId !== null;
      const message = isPast
        ? "That time has passed."
        : "The caller's number is withheld, so nobody could answer.";
      return {
        output: {
          message,
          reason: isPast ? "past" as const : "no_number" as const,
          listing_id: null,
        },
        effects: [],
      };
    }
    const id = newId();
    return {
      output: {
        message: "It is published; who fits is told.",
        reason: "listed" as const,
        listing_id: id,
      },
      effects: [{
        kind: "create_listing",
        id,
        listing: {
          domain: "rides",
          side,
          title: `${from.name ?? "📍"} → ${to.name ?? "📍"} · ${date} ${time}`.slice(0, 200),
          description: "",
          category: null,
          price: price ?? null,
          currency,
          price_unit: price === undefined || price === null ? null : "seat",
          quantity: seats,
          place: from,
          attributes: {
            ...(from.name === null ? {} : { from: from.name }),
            ...(to.name === null ? {} : { to: to.name }),
            ...(to.latitude === null || to.longitude === null
              ? {}
              : { to_latitude: to.latitude, to_longitude: to.longitude }),
            date,
            time,
            departs_at,
            seats,
          },
        },
      }],
    };
  },
});
