import * as z from "zod";
import type { Listing } from "../../ports_agents.ts";
import { REMINDER, showMoment } from "../booking/booking_words.ts";
import {
  bookingOutput,
  dateSchema,
  describeBooking,
  planBooking,
  readTaken,
  timeSchema,
} from "../booking/plan_booking.ts";
import { parseBusinessHours } from "../business_hours/parse_business_hours.ts";
import { defineTool, languageOf, pickResults } from "./tool.ts";

export const TABLE_MINUTES = 90;
/** Each table is a resource of its own; a restaurant says in `attributes.tables` how many there are. */
const MOST_TABLES = 12;

const table = (listingId: string, place: number) => `restaurant/${listingId}/table/${place + 1}`;

export const reserveTable = defineTool({
  description:
    "Reserves a table for an hour and a half in a restaurant found by search_listings. Read restaurant, people, day and time back and have them confirmed first. If no table is free it answers with the next free times.",
  input: z.object({
    listing_id: z.uuid(),
    people: z.int().min(1).max(50),
    date: dateSchema,
    time: timeSchema,
    note: z.string().trim().max(300).nullish(),
  }),
  output: z.object({ ...bookingOutput, restaurant: z.string().nullable() }),
  confirm: ({ people, ...wanted }, language) => {
    const words = {
      en: "Reserve this table?",
      fr: "Réserver cette table ?",
      sw: "Niweke nafasi ya meza hii?",
      rw: "Mfate aya meza?",
    };
    return `${showMoment(wanted, language)} · ${people}\n\n${words[language]}`;
  },
  reads: ({ listing_id, date }, { now, settings: { time_zone } }) => [
    { kind: "listing", id: listing_id },
    ...Array.from(
      { length: MOST_TABLES },
      (_none, place) => readTaken(table(listing_id, place), { date, now, time_zone }),
    ),
  ],
  act({ listing_id, people, date, time, note }, context, results) {
    const { now, settings, person, newId } = context;
    const listing = pickResults(results, "listing")[0]?.listing ?? null;
    const answer = { booking_id: null, date, time, restaurant: listing?.title ?? null };
    if (
      listing === null || listing.domain !== "waiter" || listing.state !== "active" ||
      person.contactId === null
    ) {
      const message = person.contactId === null
        ? "The caller's number is withheld, so a table can't be reserved for them."
        : describeBooking("not_found", []);
      return {
        output: { ...answer, message, reason: "not_found" as const, free: [] },
        effects: [],
      };
    }
    const week = parseBusinessHours(listing.attributes["hours"]) ??
      parseBusinessHours(settings.business_hours);
    const tables = pickResults(results, "bookings").map(({ bookings }) => bookings);
    const { reason, slot, free } = planBooking(
      week && {
        week,
        time_zone: settings.time_zone,
        now,
        minutes: TABLE_MINUTES,
        units: tables.slice(0, countTables(listing)),
      },
      { date, time },
    );
    const message = describeBooking(reason, free);
    if (slot === null) return { output: { ...answer, message, reason, free }, effects: [] };
    const id = newId();
    const details = { people, date, time, ...(note ? { note } : {}) };
    return {
      output: { ...answer, message, reason, booking_id: id, free },
      effects: [
        {
          kind: "book",
          id,
          resource: table(listing_id, slot.unit),
          starts_at: slot.starts_at,
          minutes: TABLE_MINUTES,
          details: { ...details, listing_id },
          reminder: `${REMINDER[languageOf(context)]} ${time}: ${listing.title} (${people}).`,
        },
        {
          kind: "apply",
          id: newId(),
          listing_id,
          application_kind: "reservation",
          details: { ...details, booking_id: id },
        },
      ],
    };
  },
});

function countTables({ attributes: { tables } }: Listing): number {
  return typeof tables === "number" && tables >= 1
    ? Math.min(Math.floor(tables), MOST_TABLES)
    : MOST_TABLES;
}
