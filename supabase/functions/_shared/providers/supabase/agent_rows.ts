import * as z from "zod";
import { APPLICATION_KINDS, type EffectRefusal, LISTING_DOMAINS } from "../../ports_agents.ts";
import type { AgentDataStore } from "../../ports_agents.ts";
import { callingFacts } from "./calling_rows.ts";
import { jsonObject } from "./rows.ts";

type AgentReadResult = Awaited<ReturnType<AgentDataStore["readAgentData"]>>[number];

const text = z.string().nullable();
const listing = z.object({
  id: z.string(),
  domain: z.enum(LISTING_DOMAINS),
  side: z.enum(["offer", "request"]),
  title: z.string(),
  description: z.string(),
  category: text,
  price: z.number().nullable(),
  currency: z.string(),
  price_unit: text,
  quantity: z.number().nullable(),
  place: z.object({
    name: text,
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
  }).nullable(),
  attributes: jsonObject,
  state: z.enum(["active", "sold", "closed", "expired"]),
  is_own: z.boolean(),
  distance_km: z.number().nullable(),
  created_at: z.string(),
});
const application = z.object({
  id: z.string(),
  listing_id: z.string(),
  listing_title: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  state: z.enum(["submitted", "accepted", "declined", "withdrawn"]),
  details: jsonObject,
  is_own: z.boolean(),
  applicant_name: text,
  created_at: z.string(),
});
const booking = z.object({
  id: z.string(),
  resource: z.string(),
  starts_at: z.string(),
  minutes: z.number(),
  state: z.enum(["booked", "cancelled"]),
  is_own: z.boolean(),
});
const ticket = z.object({
  id: z.string(),
  number: z.string(),
  subject: z.string(),
  state: z.enum(["opened", "resolved"]),
  created_at: z.string(),
});
const policy = z.object({
  id: z.string(),
  vehicle: z.string(),
  cover: z.string(),
  yearly_price: z.number(),
  currency: z.string(),
  state: z.enum(["requested", "issued", "declined"]),
  created_at: z.string(),
});
const prices = z.object({
  count: z.number(),
  low: z.number(),
  median: z.number(),
  high: z.number(),
  currency: z.string(),
  price_unit: text,
});

export const agentReadResult: z.ZodType<AgentReadResult> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("listings"), listings: z.array(listing) }),
  z.object({ kind: z.literal("listing"), listing: listing.nullable() }),
  z.object({ kind: z.literal("applications"), applications: z.array(application) }),
  z.object({
    kind: z.literal("matches"),
    matches: z.array(
      z.object({ id: z.string(), own_title: z.string(), listing, created_at: z.string() }),
    ),
  }),
  z.object({ kind: z.literal("prices"), prices: prices.nullable() }),
  z.object({ kind: z.literal("bookings"), bookings: z.array(booking) }),
  z.object({ kind: z.literal("tickets"), tickets: z.array(ticket) }),
  z.object({ kind: z.literal("policies"), policies: z.array(policy) }),
  z.object({ kind: z.literal("calling"), calling: callingFacts }),
  z.object({ kind: z.literal("tariffs"), value: jsonObject.nullable() }),
]);

const refusal: z.ZodType<EffectRefusal> = z.object({
  place: z.number(),
  code: z.enum([
    "not_found",
    "not_yours",
    "own_listing",
    "already_done",
    "taken",
    "not_active",
    "limit",
    "unconfirmed",
    "invalid",
  ]),
});
export const refusals = z.array(refusal);
export const refused = z.object({
  code: z.literal("refused"),
  refusals,
  is_switched_off: z.boolean(),
});
