import * as z from "zod";
import { attributesSchema } from "./describe_listing.ts";
import { takesApplication, WRONG_KIND } from "./takes_application.ts";
import { defineTool, pickResults } from "./tool.ts";

export const applyToListing = defineTool({
  description:
    "Answers somebody's listing for the person: applies to a job, asks a seller, asks for a viewing or an introduction. The owner is told. Have it confirmed first.",
  input: z.object({
    listing_id: z.uuid(),
    kind: z.enum(["application", "inquiry", "viewing", "introduction"]).default("inquiry"),
    note: z.string().trim().max(1000).nullish().describe("What the owner should know"),
    details: attributesSchema.default({}),
  }),
  output: z.object({ message: z.string(), application_id: z.string().nullable() }),
  confirm: ({ note }, language) => {
    const words = {
      en: "Send this to the owner?",
      fr: "Envoyer au propriétaire ?",
      sw: "Nimtumie mwenyewe?",
      rw: "Mbyohereze nyirabyo?",
    };
    return note ? `${note}\n\n${words[language]}` : words[language];
  },
  reads: ({ listing_id }) => [{ kind: "listing", id: listing_id }],
  act({ listing_id, kind, note, details }, { person, newId }, results) {
    if (person.contactId === null) {
      return {
        output: {
          message: "The caller's number is withheld, so the owner could not answer.",
          application_id: null,
        },
        effects: [],
      };
    }
    const listing = pickResults(results, "listing")[0]?.listing ?? null;
    if (!takesApplication(listing, kind)) {
      return { output: { message: WRONG_KIND, application_id: null }, effects: [] };
    }
    const id = newId();
    // A notice is sent to the owner as it stands: only words of our own may be one.
    const { notice: _notice, ...facts } = details;
    return {
      output: { message: "The owner has been told and can answer here.", application_id: id },
      effects: [{
        kind: "apply",
        id,
        listing_id,
        application_kind: kind,
        details: { ...facts, ...(note ? { note } : {}) },
      }],
    };
  },
});
