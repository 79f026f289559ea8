import type { ApplicationKind, Listing, ListingDomain } from "../../ports_agents.ts";

/** The service whose offers are answered so; a question may be asked about any listing. */
const SERVICES: { [Kind in ApplicationKind]: ListingDomain | null } = {
  application: "jobs",
  inquiry: null,
  viewing: "property",
  introduction: "business_broker",
  ride_request: "rides",
  order: "waiter",
  reservation: "waiter",
};

/** What isn't one of its kind: accepted, a request for a ride gives numbers away. */
export const WRONG_KIND = "That listing can't be answered in this way. Show it first.";

/**
 * Whether something can be sent about a listing; `private.apply_to_listing` decides the same. One that
 * isn't there is for the database to refuse, which says why.
 */
export function takesApplication(
  listing: Pick<Listing, "domain" | "side"> | null,
  kind: ApplicationKind,
): boolean {
  const service = SERVICES[kind];
  return listing === null || service === null ||
    (listing.domain === service && listing.side === "offer");
}
