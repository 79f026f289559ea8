const ORG_ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const FORMAT = new RegExp(`^v1\\.(${ORG_ID})\\.([1-9]\\d{0,8})\\.([0-9a-f]{64})$`);

/** HMAC-SHA256 of the text in lower-case hex. */
export type Sign = (text: string) => string;

/**
 * The value of `X-Vapi-Secret`: it names the organization and proves it without the database.
 * `v1.<org_id>.<version>.<hex HMAC-SHA256(secret, org_id:version)>`; raising the organization's
 * version retires the values that were given out before.
 */
export function buildWebhookSecret(orgId: string, version: number, sign: Sign): string {
  return `v1.${orgId}.${version}.${sign(`${orgId}:${version}`)}`;
}

/** What a received value claims; whoever reads it still has to compare the signature. */
export function parseWebhookSecret(
  value: string,
): { orgId: string; version: number; signature: string } | null {
  const [, orgId, version, signature] = FORMAT.exec(value) ?? [];
  if (orgId === undefined || version === undefined || signature === undefined) return null;
  return { orgId, version: Number(version), signature };
}
