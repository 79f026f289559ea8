/** What agents read and change beyond their session; `ports.ts` has the rest. */

import type { JsonObject } from "./ports.ts";
import type { CallingFacts } from "./ports_calling.ts";
import type { KnowledgeAnswer, KnowledgeCategory } from "./ports_knowledge.ts";

// ---------------------------------------------------------------- listings and what is done with them

/** The agents whose goods are listings. */
export const LISTING_DOMAINS = [
  "marketplace",
  "jobs",
  "property",
  "farmer",
  "waiter",
  "rides",
  "business_broker",
] as const;
export type ListingDomain = typeof LISTING_DOMAINS[number];

export type Place = { name: string | null; latitude: number | null; longitude: number | null };

/** What somebody offers, or looks for: a request is told of the offers that fit it. */
export type NewListing = {
  domain: ListingDomain;
  side: "offer" | "request";
  title: string;
  description: string;
  category: string | null;
  price: number | null;
  /** ISO 4217 */
  currency: string;
  /** What the price is for: `kg`, `month`, `seat`; null for the whole. */
  price_unit: string | null;
  quantity: number | null;
  place: Place | null;
  /** What its domain knows besides: bedrooms, salary, harvest date, menu. */
  attributes: JsonObject;
};

export type Listing = NewListing & {
  id: string;
  state: "active" | "sold" | "closed" | "expired";
  /** Whether the person of the conversation owns it. */
  is_own: boolean;
  distance_km: number | null;
  created_at: string;
};

export const APPLICATION_KINDS = [
  "application",
  "inquiry",
  "order",
  "reservation",
  "viewing",
  "introduction",
  "ride_request",
] as const;
export type ApplicationKind = typeof APPLICATION_KINDS[number];

export type Application = {
  id: string;
  listing_id: string;
  listing_title: string;
  kind: ApplicationKind;
  state: "submitted" | "accepted" | "declined" | "withdrawn";
  details: JsonObject;
  /** Whether the person of the conversation made it; else it was made to a listing of theirs. */
  is_own: boolean;
  applicant_name: string | null;
  created_at: string;
};

/** Somebody else's listing that fits one of the person's own. */
export type Match = { id: string; own_title: string; listing: Listing; created_at: string };

export type Booking = {
  id: string;
  resource: string;
  /** ISO */
  starts_at: string;
  minutes: number;
  state: "booked" | "cancelled";
  is_own: boolean;
};

export type Ticket = {
  id: string;
  /** What people say: short, unique in the organization. */
  number: string;
  subject: string;
  state: "opened" | "resolved";
  created_at: string;
};

export type PolicyRequest = {
  id: string;
  vehicle: string;
  cover: string;
  yearly_price: number;
  currency: string;
  state: "requested" | "issued" | "declined";
  created_at: string;
};

// ---------------------------------------------------------------- reads: all of a turn's in one call

export type Read =
  | { kind: "knowledge"; query: string; category?: KnowledgeCategory }
  | {
    kind: "listings";
    domains: readonly ListingDomain[];
    side: "offer" | "request";
    words?: string;
    category?: string;
    min_price?: number;
    max_price?: number;
    /** Nearest first, within so many kilometres. */
    near?: { latitude: number; longitude: number; within_km: number };
    place_name?: string;
    /** What `attributes` must contain. */
    attributes?: JsonObject;
    /** Only the person's own, sold and closed ones included. */
    mine?: boolean;
    limit: number;
  }
  | { kind: "listing"; id: string }
  | {
    kind: "applications";
    of: "mine" | "received";
    domain?: ListingDomain;
    listing_id?: string;
    limit: number;
  }
  /** What fits the person's own listings and is still to be had, the newest first. */
  | { kind: "matches"; domain?: ListingDomain; limit: number }
  /** Of active offers of the last 60 days. */
  | { kind: "prices"; domain: ListingDomain; category: string }
  /** What is taken of a resource between two moments (ISO), and the person's own. */
  | { kind: "bookings"; resource: string; from: string; until: string }
  | { kind: "tickets"; limit: number }
  | { kind: "policies"; limit: number }
  /** Whether and when the person may be called back. */
  | { kind: "calling" }
  /** A value of app_config by its key; only keys that agents may see. */
  | { kind: "tariffs"; key: "insurance_tariffs" | "ride_tariffs" | "known_places" };

export type ReadResult =
  | { kind: "knowledge"; answer: KnowledgeAnswer | null }
  | { kind: "listings"; listings: Listing[] }
  | { kind: "listing"; listing: Listing | null }
  | { kind: "applications"; applications: Application[] }
  | { kind: "matches"; matches: Match[] }
  | {
    kind: "prices";
    prices: {
      count: number;
      low: number;
      median: number;
      high: number;
      currency: string;
      /** As in listings: the prices are of one unit, the one that most offers name. */
      price_unit: string | null;
    } | null;
  }
  | { kind: "bookings"; bookings: Booking[] }
  | { kind: "tickets"; tickets: Ticket[] }
  | { kind: "policies"; policies: PolicyRequest[] }
  | { kind: "calling"; calling: CallingFacts }
  | { kind: "tariffs"; value: JsonObject | null };

// ---------------------------------------------------------------- effects: all of a turn's in one transaction

/**
 * What an agent wants done for the person of the conversation; ids are made by the caller, so that an
 * answer can name what doesn't exist yet. Nobody else can be named: whose a listing or an application
 * is, is decided where the effect is applied.
 */
export type AgentEffect =
  | { kind: "create_listing"; id: string; listing: NewListing }
  | { kind: "update_listing"; listing_id: string; state?: "sold" | "closed"; price?: number }
  /**
   * Tells the listing's owner who it is; of an `order` what it is as well, `details.notice`, which is
   * written by our own code alone. An `application` is once per person and listing.
   */
  | {
    kind: "apply";
    id: string;
    listing_id: string;
    application_kind: ApplicationKind;
    details: JsonObject;
  }
  /**
   * By the listing's owner; tells the applicant. Where an introduction or a ride is accepted, both get
   * the other's number.
   */
  | { kind: "answer_application"; application_id: string; answer: "accepted" | "declined" }
  | {
    kind: "book";
    id: string;
    resource: string;
    starts_at: string;
    minutes: number;
    details: JsonObject;
    /** What the reminder says, two hours before; null for none. */
    reminder: string | null;
  }
  | { kind: "cancel_booking"; booking_id: string }
  | {
    kind: "request_policy";
    id: string;
    vehicle: string;
    cover: string;
    yearly_price: number;
    currency: string;
    details: JsonObject;
  }
  | {
    kind: "capture_lead";
    id: string;
    name: string | null;
    interest: string;
    details: JsonObject;
  }
  /**
   * A call back by phone, made by a job within calling hours; at most thirty days ahead. One that waits
   * already becomes this one.
   */
  | { kind: "request_call"; id: string; reason: string; not_before: string | null }
  /** The person's own, as long as it wasn't made. */
  | { kind: "cancel_call" }
  | { kind: "open_ticket"; id: string; number: string; subject: string; body: string }
  /** The session waits for a person. */
  | { kind: "hand_over"; id: string; reason: string }
  /** Counts once, where the session is the person's own and over; else does nothing. */
  | { kind: "rate_session"; session_id: string; rating: "up" | "down" };

/** Why nothing of a turn was written: the turn is decided anew, knowing it. */
export type EffectRefusal = {
  /** The effect's place in the turn, from 0. */
  place: number;
  code:
    | "not_found"
    | "not_yours"
    | "own_listing"
    | "already_done"
    | "taken"
    | "not_active"
    | "limit"
    /** On the phone: the yes that it hangs on was taken for something else. */
    | "unconfirmed"
    /** What the database's constraints don't hold: a text too long, a moment that has passed. */
    | "invalid";
};

export type AgentDataStore = {
  /** One call for all reads but `knowledge`; results in their order. */
  readAgentData(
    input: {
      org_id: string;
      contact_id: string | null;
      reads: Exclude<Read, { kind: "knowledge" }>[];
    },
    options?: {
      signal?: AbortSignal;
      /**
       * Told whether the kill switch is pulled for the organization, or the contact denied, as it is
       * now. Who wants nothing else asks without reads.
       */
      tellSwitch?: (isSwitchedOff: boolean) => void;
    },
  ): Promise<Exclude<ReadResult, { kind: "knowledge" }>[]>;
};
