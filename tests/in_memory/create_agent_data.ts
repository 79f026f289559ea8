import { foldText } from "../../supabase/functions/_shared/domain/fold_text.ts";
import { takesApplication } from "../../supabase/functions/_shared/domain/tools/takes_application.ts";
import type { JsonObject } from "../../supabase/functions/_shared/ports.ts";
import type { CallingFacts } from "../../supabase/functions/_shared/ports_calling.ts";
import type {
  AgentDataStore,
  AgentEffect,
  Application,
  Booking,
  EffectRefusal,
  Listing,
  NewListing,
  Read,
  ReadResult,
} from "../../supabase/functions/_shared/ports_agents.ts";

export type StoredListing = NewListing & {
  id: string;
  org_id: string;
  contact_id: string | null;
  state: Listing["state"];
  created_at: string;
};
export type StoredApplication = {
  id: string;
  org_id: string;
  listing_id: string;
  contact_id: string;
  name: string;
  kind: Application["kind"];
  state: Application["state"];
  details: Application["details"];
  created_at: string;
};

export type StoredBooking = Omit<Booking, "is_own"> & {
  org_id: string;
  contact_id: string | null;
};

/** As a new installation has them (`supabase/migrations/*_add_tariffs.sql`). */
const TARIFFS: { [key: string]: JsonObject } = {
  insurance_tariffs: {
    currency: "RWF",
    yearly: { car: 50_000, motorcycle: 25_000, truck: 100_000 },
    covers: { third_party: 1, comprehensive: 2 },
  },
  ride_tariffs: { currency: "RWF", base: 500, per_km: 200 },
};

/** Somebody of Rwanda who may be called at any time. */
export const CALLING: CallingFacts = {
  phone: "+250788123456",
  opted_out: false,
  agent: {
    id: "agent-2",
    state: "active",
    activation_mode: "full",
    assistant_id: "assistant-2",
    phone_number_id: "number-1",
  },
  own_number: "+250788000001",
  test_numbers: [],
  call_countries: [],
  calling_hours: {},
  business_hours: {},
  time_zone: "Africa/Kigali",
  daily_call_minutes: 600,
  org_id: "00000000-0000-4000-8000-000000000000",
  tier_flags: null,
  open: null,
};

/** What agents read and change, in memory, with the refusals that the database has. */
export type AgentData = AgentDataStore & {
  listings: StoredListing[];
  applications: StoredApplication[];
  /** Found by nobody here: a test says what fits what. */
  matches: { org_id: string; offer_id: string; request_id: string }[];
  bookings: StoredBooking[];
  /** What somebody else books between a turn's reads and its writes. */
  meanwhile: StoredBooking[];
  /** Everything else that was done, as it was asked for. */
  others: (AgentEffect & { org_id: string; contact_id: string })[];
  /** Calls of the store. */
  calls: { reads: number };
  /** All of them, or nothing and why. */
  apply(
    who: { org_id: string; contact_id: string; name: string; now: number },
    effects: readonly AgentEffect[],
  ): EffectRefusal[];
};

export function createAgentData(): AgentData {
  const listings: StoredListing[] = [];
  const applications: StoredApplication[] = [];
  const matches: AgentData["matches"] = [];
  const bookings: StoredBooking[] = [];
  const meanwhile: StoredBooking[] = [];
  const others: AgentData["others"] = [];
  const calls = { reads: 0 };

  function describe(listing: StoredListing, contactId: string | null, read?: Read): Listing {
    const { org_id: _org, contact_id, ...rest } = listing;
    const near = read?.kind === "listings" ? read.near : undefined;
    return {
      ...rest,
      is_own: contact_id !== null && contact_id === contactId,
      distance_km: near === undefined ? null : distance(near, listing.place),
    };
  }

  function find(
    read: Extract<Read, { kind: "listings" }>,
    { org_id, contact_id }: { org_id: string; contact_id: string | null },
  ): Listing[] {
    const words = foldText(read.words ?? "").split(" ").filter(({ length }) => length > 1);
    const matches = (listing: StoredListing, all: boolean) => {
      const text = foldText(
        [listing.title, listing.description, listing.category ?? "", listing.place?.name ?? ""]
          .join(" "),
      ).split(" ");
      const has = (word: string) => text.some((each) => each.startsWith(word));
      return words.length === 0 || (all ? words.every(has) : words.some(has));
    };
    const fitting = (all: boolean) =>
      listings.filter((listing) =>
        listing.org_id === org_id && read.domains.includes(listing.domain) &&
        listing.side === read.side &&
        (read.mine ? listing.contact_id === contact_id : listing.state === "active") &&
        (read.category === undefined ||
          foldText(read.category) === foldText(listing.category ?? "")) &&
        (read.min_price === undefined || (listing.price ?? -1) >= read.min_price) &&
        (read.max_price === undefined ||
          (listing.price !== null && listing.price <= read.max_price)) &&
        (read.place_name === undefined ||
          foldText(listing.place?.name ?? "").includes(foldText(read.place_name))) &&
        Object.entries(read.attributes ?? {}).every(([name, value]) =>
          listing.attributes[name] === value
        ) &&
        (read.near === undefined ||
          (distance(read.near, listing.place) ?? Infinity) <= read.near.within_km) &&
        matches(listing, all)
      );
    const found = fitting(true);
    return (found.length > 0 ? found : fitting(false))
      .map((listing) => describe(listing, contact_id, read))
      .toSorted((left, right) =>
        (left.distance_km ?? 0) - (right.distance_km ?? 0) ||
        right.created_at.localeCompare(left.created_at)
      )
      .slice(0, read.limit);
  }

  function answer(
    read: Exclude<Read, { kind: "knowledge" }>,
    who: { org_id: string; contact_id: string | null },
  ): Exclude<ReadResult, { kind: "knowledge" }> {
    const known = (id: string) =>
      listings.find((listing) => listing.org_id === who.org_id && listing.id === id);
    switch (read.kind) {
      case "listings":
        return { kind: read.kind, listings: find(read, who) };
      case "listing": {
        const listing = known(read.id);
        return { kind: read.kind, listing: listing ? describe(listing, who.contact_id) : null };
      }
      case "applications":
        return {
          kind: read.kind,
          applications: applications.filter((each) => {
            const listing = known(each.listing_id);
            return each.org_id === who.org_id && listing !== undefined &&
              (read.domain === undefined || listing.domain === read.domain) &&
              (read.listing_id === undefined || read.listing_id === listing.id) &&
              (read.of === "mine" ? each.contact_id : listing.contact_id) === who.contact_id;
          }).map((each) => ({
            id: each.id,
            listing_id: each.listing_id,
            listing_title: known(each.listing_id)!.title,
            kind: each.kind,
            state: each.state,
            details: each.details,
            is_own: each.contact_id === who.contact_id,
            applicant_name: each.name,
            created_at: each.created_at,
          })).slice(0, read.limit),
        };
      case "matches": {
        const pairs = matches.filter((each) => each.org_id === who.org_id)
          .flatMap(({ offer_id, request_id }) => [[offer_id, request_id], [request_id, offer_id]])
          .map(([own = "", other = ""]) => ({ own: known(own), other: known(other) }));
        return {
          kind: read.kind,
          matches: pairs.flatMap(({ own, other }) =>
            own !== undefined && other !== undefined && own.contact_id === who.contact_id &&
              own.state === "active" && other.state === "active" &&
              (read.domain === undefined || read.domain === other.domain)
              ? [{
                id: `${own.id}/${other.id}`,
                own_title: own.title,
                listing: describe(other, who.contact_id),
                created_at: other.created_at,
              }]
              : []
          ).slice(0, read.limit),
        };
      }
      case "prices": {
        const prices = listings.filter((each) =>
          each.org_id === who.org_id && each.domain === read.domain && each.side === "offer" &&
          each.state === "active" && each.price !== null &&
          foldText(each.category ?? "") === foldText(read.category)
        ).map(({ price }) => price!).toSorted((left, right) => left - right);
        return {
          kind: read.kind,
          prices: prices.length === 0 ? null : {
            count: prices.length,
            low: prices[0]!,
            median: (prices[Math.floor((prices.length - 1) / 2)]! +
              prices[Math.floor(prices.length / 2)]!) / 2,
            high: prices.at(-1)!,
            currency: "RWF",
            price_unit: null,
          },
        };
      }
      case "bookings":
        return {
          kind: read.kind,
          bookings: bookings.filter((each) =>
            each.org_id === who.org_id && each.resource === read.resource &&
            each.starts_at < read.until && endOf(each) > Date.parse(read.from)
          ).map(({ org_id: _org, contact_id, ...booking }) => ({
            ...booking,
            is_own: contact_id !== null && contact_id === who.contact_id,
          })),
        };
      case "tickets":
        return {
          kind: read.kind,
          tickets: own("open_ticket", who).map(({ id, number, subject }) => ({
            id,
            number,
            subject,
            state: "opened",
            created_at: "",
          })),
        };
      case "policies":
        return {
          kind: read.kind,
          policies: own("request_policy", who).map((
            { kind: _kind, details: _details, org_id: _org, contact_id: _contact, ...policy },
          ) => ({ ...policy, state: "requested", created_at: "" })),
        };
      case "calling":
        return { kind: read.kind, calling: { ...CALLING, open: findOpenCall(who) } };
      case "tariffs":
        return { kind: read.kind, value: TARIFFS[read.key] ?? null };
    }
  }

  function own<Kind extends AgentEffect["kind"]>(
    kind: Kind,
    who: { org_id: string; contact_id: string | null },
  ) {
    return others.filter((each): each is Extract<typeof each, { kind: Kind }> =>
      each.kind === kind && each.org_id === who.org_id && each.contact_id === who.contact_id
    );
  }

  function findOpenCall(who: { org_id: string; contact_id: string | null }): CallingFacts["open"] {
    const [call] = own("request_call", who);
    return call === undefined
      ? null
      : { state: "requested", not_before: call.not_before ?? "2026-01-01T00:00:00Z" };
  }

  /** One waits at a time. */
  function forgetCall(who: { org_id: string; contact_id: string }): void {
    for (const call of own("request_call", who)) others.splice(others.indexOf(call), 1);
  }

  function refuse(
    who: { org_id: string; contact_id: string },
    effect: AgentEffect,
  ): EffectRefusal["code"] | null {
    const known = (id: string) =>
      listings.find((listing) => listing.org_id === who.org_id && listing.id === id);
    switch (effect.kind) {
      case "update_listing": {
        const listing = known(effect.listing_id);
        if (listing === undefined) return "not_found";
        return listing.contact_id === who.contact_id ? null : "not_yours";
      }
      case "apply": {
        const listing = known(effect.listing_id);
        if (listing === undefined) return "not_found";
        if (listing.contact_id === who.contact_id) return "own_listing";
        if (!takesApplication(listing, effect.application_kind)) return "invalid";
        const isDone = effect.application_kind === "application" &&
          applications.some((each) =>
            each.listing_id === listing.id && each.contact_id === who.contact_id &&
            each.kind === "application"
          );
        if (isDone) return "already_done";
        return listing.state === "active" ? null : "not_active";
      }
      case "answer_application": {
        const application = applications.find((each) =>
          each.org_id === who.org_id && each.id === effect.application_id
        );
        if (application === undefined) return "not_found";
        if (known(application.listing_id)?.contact_id !== who.contact_id) return "not_yours";
        return application.state === "submitted" ? null : "already_done";
      }
      case "book": {
        const isTaken = bookings.some((each) =>
          each.org_id === who.org_id && each.resource === effect.resource &&
          each.state === "booked" && Date.parse(each.starts_at) < endOf(effect) &&
          endOf(each) > Date.parse(effect.starts_at)
        );
        return isTaken ? "taken" : null;
      }
      case "cancel_booking": {
        const booking = bookings.find((each) =>
          each.org_id === who.org_id && each.id === effect.booking_id
        );
        if (booking === undefined) return "not_found";
        return booking.contact_id === who.contact_id ? null : "not_yours";
      }
      case "cancel_call":
        return own("request_call", who).length > 0 ? null : "not_found";
      default:
        return null;
    }
  }

  /** Answers an application; a declined reservation gives its table back. */
  function release(id: string, answer: "accepted" | "declined"): void {
    const application = applications.find((each) => each.id === id)!;
    application.state = answer;
    const booking = bookings.find((each) =>
      each.id === application.details["booking_id"] && each.contact_id === application.contact_id
    );
    if (answer === "declined" && booking !== undefined) booking.state = "cancelled";
  }

  return {
    listings,
    applications,
    matches,
    bookings,
    meanwhile,
    others,
    calls,
    readAgentData({ org_id, contact_id, reads }) {
      calls.reads += 1;
      return Promise.resolve(reads.map((read) => answer(read, { org_id, contact_id })));
    },
    apply(who, effects) {
      if (effects.length > 0) bookings.push(...meanwhile.splice(0));
      const refusals = effects.flatMap((effect, place): EffectRefusal[] => {
        const code = refuse(who, effect);
        return code === null ? [] : [{ place, code }];
      });
      if (refusals.length > 0) return refusals;
      const created_at = new Date(who.now).toISOString();
      for (const effect of effects) {
        switch (effect.kind) {
          case "create_listing":
            listings.push({
              ...effect.listing,
              id: effect.id,
              org_id: who.org_id,
              contact_id: who.contact_id,
              state: "active",
              created_at,
            });
            break;
          case "update_listing": {
            const listing = listings.find(({ id }) => id === effect.listing_id)!;
            if (effect.state !== undefined) listing.state = effect.state;
            if (effect.price !== undefined) listing.price = effect.price;
            break;
          }
          case "apply":
            applications.push({
              id: effect.id,
              org_id: who.org_id,
              listing_id: effect.listing_id,
              contact_id: who.contact_id,
              name: who.name,
              kind: effect.application_kind,
              state: "submitted",
              details: effect.details,
              created_at,
            });
            break;
          case "answer_application":
            release(effect.application_id, effect.answer);
            break;
          case "book":
            bookings.push({
              id: effect.id,
              resource: effect.resource,
              starts_at: effect.starts_at,
              minutes: effect.minutes,
              state: "booked",
              org_id: who.org_id,
              contact_id: who.contact_id,
            });
            break;
          case "cancel_booking":
            bookings.find(({ id }) => id === effect.booking_id)!.state = "cancelled";
            for (const each of applications) {
              const isOpen = each.state === "submitted" || each.state === "accepted";
              const isOf = each.details["booking_id"] === effect.booking_id;
              if (isOpen && isOf && each.contact_id === who.contact_id) each.state = "withdrawn";
            }
            break;
          case "cancel_call":
            forgetCall(who);
            break;
          case "rate_session":
            // The first answer stands.
            if (own("rate_session", who).some((each) => each.session_id === effect.session_id)) {
              break;
            }
            others.push({ ...effect, org_id: who.org_id, contact_id: who.contact_id });
            break;
          case "request_call":
            forgetCall(who);
            others.push({ ...effect, org_id: who.org_id, contact_id: who.contact_id });
            break;
          default:
            others.push({ ...effect, org_id: who.org_id, contact_id: who.contact_id });
        }
      }
      return [];
    },
  };
}

function endOf({ starts_at, minutes }: { starts_at: string; minutes: number }): number {
  return Date.parse(starts_at) + minutes * 60_000;
}

type Point = { latitude: number | null; longitude: number | null };

/** Kilometres on a sphere; null where a point is missing. */
function distance(from: Point, to: Point | null): number | null {
  if (
    to === null || to.latitude === null || to.longitude === null || from.latitude === null ||
    from.longitude === null
  ) return null;
  const radians = (degrees: number) => degrees * Math.PI / 180;
  const [up, across] = [
    radians(to.latitude - from.latitude),
    radians(to.longitude - from.longitude),
  ];
  const half = Math.sin(up / 2) ** 2 +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * Math.sin(across / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(half));
}
