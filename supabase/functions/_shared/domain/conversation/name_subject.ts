import type { JsonObject } from "../../ports.ts";
import type { Application, Listing, Read, ReadResult } from "../../ports_agents.ts";
import { sayPrice } from "../agents/say_listings.ts";
import { showMoment } from "../booking/booking_words.ts";
import { BOOKING_DAYS } from "../booking/find_slots.ts";
import type { Language } from "../session/service_menu.ts";
import { APPOINTMENTS } from "../tools/book_appointment.ts";
import { readClock } from "../tools/list_appointments.ts";
import { pickResults, type ToolContext } from "../tools/tool.ts";

const DAY = 86_400_000;
/** As many as one read answers. */
const MOST = 50;

/** What somebody sends about a listing. */
export const APPLICATION_WORDS: { [Kind in Application["kind"]]: { [L in Language]: string } } = {
  application: { en: "application", fr: "candidature", sw: "ombi la kazi", rw: "ubusabe bw'akazi" },
  inquiry: { en: "question", fr: "question", sw: "swali", rw: "ikibazo" },
  viewing: { en: "viewing", fr: "visite", sw: "kutembelea", rw: "gusura" },
  introduction: {
    en: "introduction",
    fr: "mise en relation",
    sw: "kutambulishwa",
    rw: "guhuzwa",
  },
  ride_request: {
    en: "ride request",
    fr: "demande de trajet",
    sw: "ombi la usafiri",
    rw: "ubusabe bw'urugendo",
  },
  order: { en: "order", fr: "commande", sw: "oda", rw: "ibyatumijwe" },
  reservation: {
    en: "reservation",
    fr: "réservation",
    sw: "nafasi ya meza",
    rw: "umwanya wafashwe",
  },
};

/** What a call that writes is about, as its arguments name it; `id` is a model's. */
export type Subject = { kind: "listing" | "application" | "booking"; id: string };

export function findSubject(input: JsonObject): Subject | null {
  for (const kind of ["application", "booking", "listing"] as const) {
    const id = input[`${kind}_id`];
    if (typeof id === "string") return { kind, id };
  }
  return null;
}

/** What has to be known to name a subject: only what the person of the conversation may see. */
export function readsOfSubject({ kind, id }: Subject, { now }: ToolContext): Read[] {
  switch (kind) {
    case "listing":
      return [{ kind: "listing", id }];
    case "application":
      return [{ kind: "applications", of: "received", limit: MOST }];
    case "booking":
      return [
        {
          kind: "bookings",
          resource: APPOINTMENTS,
          from: new Date(now).toISOString(),
          until: new Date(now + BOOKING_DAYS * DAY).toISOString(),
        },
        // A table's booking is named in the reservation that was made with it.
        { kind: "applications", of: "mine", limit: MOST },
      ];
  }
}

/** A subject in words that a person knows it by; null where there is none of that id. */
export function nameSubject(
  { kind, id }: Subject,
  results: readonly ReadResult[],
  { context, language }: { context: ToolContext; language: Language },
): string | null {
  const applications = pickResults(results, "applications").flatMap((each) => each.applications);
  switch (kind) {
    case "listing":
      return nameListing(pickResults(results, "listing")[0]?.listing ?? null, language);
    case "application": {
      const found = applications.find((application) => application.id === id);
      return found === undefined ? null : joinWords(
        found.listing_title,
        found.applicant_name,
        APPLICATION_WORDS[found.kind][language],
      );
    }
    case "booking": {
      const booking = pickResults(results, "bookings").flatMap(({ bookings }) => bookings)
        .find((each) => each.id === id && each.is_own && each.state === "booked");
      if (booking !== undefined) {
        const { time_zone } = context.settings;
        return showMoment(readClock(Date.parse(booking.starts_at), time_zone), language);
      }
      const reserved = applications.find(({ details, is_own }) =>
        is_own && details["booking_id"] === id
      );
      if (reserved === undefined) return null;
      const { date, time } = reserved.details;
      return typeof date === "string" && typeof time === "string"
        ? joinWords(reserved.listing_title, showMoment({ date, time }, language))
        : joinWords(reserved.listing_title);
    }
  }
}

function nameListing(listing: Listing | null, language: Language): string | null {
  return listing === null ? null : joinWords(listing.title, sayPrice(listing, language));
}

function joinWords(...words: (string | null)[]): string {
  return words.filter(Boolean).map((word) => word!.replaceAll(/[\s_]+/g, " ")).join(" – ");
}
