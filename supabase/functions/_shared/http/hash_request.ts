import { createHash } from "node:crypto";
import { canonicalJson } from "../domain/sync_plan/canonical_json.ts";

/**
 * Tells whether two requests with one idempotency key are the same: SHA-256, in hexadecimal, over
 * the caller, the method, the path with its query, and the body whatever its members' order.
 */
export function hashRequest(
  { userId, method, url, body }: { userId: string; method: string; url: string; body: unknown },
): string {
  const { pathname, search } = new URL(url);
  return createHash("sha256")
    .update(canonicalJson([userId, method, pathname, search, body ?? null]))
    .digest("hex");
}
