import { GraphError } from "./graph_error.ts";
import type { GraphAccount } from "./store.ts";

const PHONE_DEFAULTS = [
  "verified_name",
  "code_verification_status",
  "display_phone_number",
  "quality_rating",
  "platform_type",
  "throughput",
  "id",
];
const BUSINESS_DEFAULTS = ["id", "name", "timezone_id", "message_template_namespace"];

/** A phone number with the fields asked for. Throws `GraphError` 100 for a field it lacks. */
export function phoneNumberNode(
  number: GraphAccount["phone_numbers"][number],
  fields: string | undefined,
) {
  return pick("WhatsAppBusinessPhoneNumber", fields, PHONE_DEFAULTS, {
    id: number.id,
    display_phone_number: number.display_phone_number,
    verified_name: number.verified_name,
    quality_rating: number.quality_rating,
    code_verification_status: "VERIFIED",
    name_status: "APPROVED",
    platform_type: "CLOUD_API",
    status: "CONNECTED",
    account_mode: "LIVE",
    messaging_limit_tier: "TIER_1K",
    is_official_business_account: false,
    throughput: { level: "STANDARD" },
  });
}

/** A WhatsApp business account with the fields asked for. Throws `GraphError` 100. */
export function businessNode(
  business: GraphAccount["business_accounts"][number],
  fields: string | undefined,
) {
  return pick("WhatsAppBusinessAccount", fields, BUSINESS_DEFAULTS, {
    id: business.id,
    name: business.name,
    timezone_id: "1",
    message_template_namespace: "00000000_0000_0000_0000_000000000000",
    currency: "USD",
    country: "US",
    account_review_status: "APPROVED",
    business_verification_status: "verified",
    ownership_type: "SELF",
    status: "ACTIVE",
  });
}

function pick(
  type: string,
  fields: string | undefined,
  defaults: string[],
  node: Record<string, unknown>,
): Record<string, unknown> {
  const names = fields === undefined ? defaults : fields.split(",").map((name) => name.trim());
  // Meta always adds the id.
  return Object.fromEntries([...new Set([...names, "id"])].map((name) => {
    if (!(name in node)) {
      const message = `(#100) Tried accessing nonexisting field (${name}) on node type (${type})`;
      throw new GraphError(400, 100, message);
    }
    return [name, node[name]];
  }));
}
