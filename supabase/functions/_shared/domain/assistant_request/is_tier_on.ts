import * as z from "zod";
import type { Json } from "../../ports.ts";
import { bucketOf } from "../rollout/bucket.ts";

export const VAPI_TIER_GROUP = "vapi_tier_flags";

const tierFlags = z.looseObject({
  enabled: z.boolean().default(true),
  rolloutPercent: z.number().min(0).max(100).default(100),
  allow: z.array(z.string()).default([]),
  deny: z.array(z.string()).default([]),
});

/**
 * Whether Vapi handling is rolled out to an organization: `app_config['vapi_tier_flags']` of
 * `{enabled, rolloutPercent, allow[], deny[]}`, organizations named by id. What is missing or
 * malformed doesn't silence phones: they are on unless somebody said otherwise.
 */
export function isVapiTierOn(stored: Json | undefined, orgId: string): boolean {
  const parsed = tierFlags.safeParse(stored ?? {});
  if (!parsed.success) return true;
  const { enabled, rolloutPercent, allow, deny } = parsed.data;
  if (!enabled || deny.includes(orgId)) return false;
  return allow.includes(orgId) || bucketOf(VAPI_TIER_GROUP, orgId) <= rolloutPercent;
}
