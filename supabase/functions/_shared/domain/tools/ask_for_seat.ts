import * as z from "zod";
import { takesApplication, WRONG_KIND } from "./takes_application.ts";
import { defineTool, pickResults } from "./tool.ts";

export const askForSeat = defineTool({
  description:
    "Asks for seats in a ride found by find_rides. The driver is told; once the driver accepts, both get each other's number. Have it confirmed first.",
  input: z.object({
    listing_id: z.uuid(),
    seats: z.int().min(1).max(20).default(1),
    note: z.string().trim().max(300).nullish(),
  }),
  output: z.object({ message: z.string(), asked: z.boolean() }),
  confirm: ({ seats }, language) => {
    const words = {
      en: "Ask the driver for a seat? Your number is shared only if the driver accepts. Seats:",
      fr:
        "Demander une place au conducteur ? Votre numéro n'est communiqué que s'il accepte. Places :",
      sw: "Nimwombe dereva nafasi? Namba yako itatolewa akikubali tu. Nafasi:",
      rw: "Nsabe umushoferi umwanya? Nimero yawe itangwa ari uko yemeye gusa. Imyanya:",
    };
    return `${words[language]} ${seats}`;
  },
  reads: ({ listing_id }) => [{ kind: "listing", id: listing_id }],
  act({ listing_id, seats, note }, { person, newId }, results) {
    if (person.contactId === null) {
      const message = "The caller's number is withheld, so the driver could not answer.";
      return { output: { message, asked: false }, effects: [] };
    }
    const listing = pickResults(results, "listing")[0]?.listing ?? null;
    if (!takesApplication(listing, "ride_request")) {
      return { output: { message: WRONG_KIND, asked: false }, effects: [] };
    }
    return {
      output: { message: "The driver has been told and can accept.", asked: true },
      effects: [{
        kind: "apply",
        id: newId(),
        listing_id,
        application_kind: "ride_request",
        details: { seats, ...(note ? { note } : {}) },
      }],
    };
  },
});
