import * as z from "zod";
import type { Json, TierName } from "../../ports.ts";
import { bucketOf } from "./bucket.ts";

// Lower case, as ids are written: one in capitals would silently match nobody.
const organizations = z.array(z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));

// Strict, so that a misspelt member is found instead of opening the tier to everybody.
const tierFlags = z.strictObject({
  enabled: z.boolean().default(true),
  rolloutPercent: z.number().min(0).max(100).default(100),
  allow: organizations.default([]),
  deny: organizations.default([]),
});

/** `app_config[<tier>]`. SQL's `tier_flags_are_valid` accepts exactly the same. */
export type TierFlags = z.output<typeof tierFlags>;

/** Null where it is malformed. */
export function parseTierFlags(value: unknown): TierFlags | null {
  const parsed = tierFlags.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/**
 * Whether a part of the product is rolled out to an organization, by `app_config[<tier>]` of
 * `{enabled, rolloutPercent, allow[], deny[]}`, organizations named by id. As SQL's `is_tier_on`.
 * @param inForce what the database hands out: the last good value. Where none was ever good it is on.
 */
export function isTierOn(tier: TierName, inForce: Json | undefined, orgId: string): boolean {
  const flags = parseTierFlags(inForce);
  if (flags === null) return true;
  const { enabled, rolloutPercent, allow, deny } = flags;
  if (!enabled || deny.includes(orgId)) return false;
  return allow.includes(orgId) || bucketOf(tier, orgId) <= rolloutPercent;
}
