import * as z from "zod";
import type { FieldError } from "../../errors.ts";
import { toRolloutKey } from "./rollout_key.ts";

export const FLAGGED_AGENTS = [
  "marketplace",
  "jobs",
  "property",
  "farmer",
  "waiter",
  "insurance",
  "rides",
  "sales",
  "business_broker",
  "support",
] as const;
export type FlaggedAgent = typeof FLAGGED_AGENTS[number];

export const FLAGGED_FEATURES = [
  "crossDomainHandoffs",
  "unifiedSearch",
  "sharedPreferences",
  "hybridFlows",
] as const;
export type FlaggedFeature = typeof FLAGGED_FEATURES[number];

const percent = z.int().min(0).max(100);
/** People as an operator writes them: numbers in any writing, BSUIDs. What is blank names nobody. */
const rolloutKeys = z.array(z.string().transform(toRolloutKey).pipe(z.string().min(1))).max(10_000);
/** As the database writes ids: an override in capitals would never be found. */
const orgId = z.string().regex(
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  {
    error: "must be an organization's id in lower case",
  },
);

// Strict, so that a misspelt path in an operator's jsonb_set is found instead of ignored. SQL's
// private.flags_are_valid accepts exactly the same; both are tested with the same cases.
export const flagsSchema = z.strictObject({
  unifiedServiceEnabled: z.boolean(),
  unifiedServiceRolloutPercent: percent,
  agentFlags: z.record(z.enum(FLAGGED_AGENTS), z.boolean()),
  features: z.record(z.enum(FLAGGED_FEATURES), z.boolean()),
  allow: rolloutKeys.default([]),
  deny: rolloutKeys.default([]),
  overrides: z.record(
    orgId,
    z.strictObject({
      unifiedServiceEnabled: z.boolean().optional(),
      unifiedServiceRolloutPercent: percent.optional(),
      agentFlags: z.partialRecord(z.enum(FLAGGED_AGENTS), z.boolean())
        .optional(),
      features: z.partialRecord(z.enum(FLAGGED_FEATURES), z.boolean())
        .optional(),
    }),
  ).default({}),
  outsideRollout: z.enum(["forward", "ignore"]).default("forward"),
});

/** `app_config['unified_service_flags']`, what is optional there filled in. */
export type Flags = z.output<typeof flagsSchema>;

/** What holds where no valid flags were ever read: nobody is inside. */
export const SAFE_FLAGS: Flags = {
  unifiedServiceEnabled: false,
  unifiedServiceRolloutPercent: 0,
  agentFlags: {
    marketplace: true,
    jobs: true,
    property: true,
    farmer: true,
    waiter: true,
    insurance: true,
    rides: true,
    sales: true,
    business_broker: true,
    support: true,
  },
  features: {
    crossDomainHandoffs: true,
    unifiedSearch: false,
    sharedPreferences: false,
    hybridFlows: true,
  },
  allow: [],
  deny: [],
  overrides: {},
  outsideRollout: "forward",
};

export type ParsedFlags = { ok: true; flags: Flags } | {
  ok: false;
  errors: FieldError[];
};

/** A malformed value is an answer, not an exception: the caller keeps the last good flags. */
export function parseFlags(value: unknown): ParsedFlags {
  const parsed = flagsSchema.safeParse(value);
  if (parsed.success) return { ok: true, flags: parsed.data };
  return {
    ok: false,
    errors: parsed.error.issues.map(({ path, message }) => ({
      field: path.map(String).join("."),
      detail: message,
    })),
  };
}
