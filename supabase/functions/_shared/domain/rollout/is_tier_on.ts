import * as z from "zod";
import type { Json, TierName } from "../../ports.ts";
import { bucketOf } from "./bucket.ts";

const tierFlags = z.looseObject({
  enabled: z.boolean().default(true),
  rolloutPercent: z.number().min(0).max(100).default(100),
  allow: z.array(z.string()).default([]),
  deny: z.array(z.string()).default([]),
});

/**
 * Whether a part of the product is rolled out to an organization: `app_config[<tier>]` of
 * `{enabled, rolloutPercent, allow[], deny[]}`, organizations named by id. What is missing or
 * malformed stops nobody: it is on unless somebody said otherwise. As SQL's `is_tier_on`.
 */
export function isTierOn(tier: TierName, stored: Json | undefined, orgId: string): boolean {
  const parsed = tierFlags.safeParse(stored ?? {});
  if (!parsed.success) return true;
  const { enabled, rolloutPercent, allow, deny } = parsed.data;
  if (!enabled || deny.includes(orgId)) return false;
  return allow.includes(orgId) || bucketOf(tier, orgId) <= rolloutPercent;
}
