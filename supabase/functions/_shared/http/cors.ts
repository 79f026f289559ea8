const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
const HEADERS =
  "authorization, apikey, content-type, x-client-info, x-org-id, x-request-id, idempotency-key, if-match";
const EXPOSED = "x-request-id, retry-after, idempotency-replayed, etag";

/** One day; browsers cut it to their own limit. */
const MAX_AGE_SECONDS = "86400";

/** The origin to answer with, or null where the page's origin is not one of the dashboard's. */
function chooseOrigin(origins: readonly string[], origin: string | null): string | null {
  if (origins.includes("*")) return "*";
  return origin !== null && origins.includes(origin) ? origin : null;
}

/**
 * Headers that let a dashboard's page read an answer. Credentials are never allowed: callers
 * identify themselves by a token in a header, not by a cookie.
 */
export function corsHeaders(
  origins: readonly string[],
  origin: string | null,
): Record<string, string> {
  const allowed = chooseOrigin(origins, origin);
  if (allowed === null) return { vary: "origin" };
  return {
    "access-control-allow-origin": allowed,
    "access-control-expose-headers": EXPOSED,
    ...(allowed === "*" ? {} : { vary: "origin" }),
  };
}

/** A preflight's answer. Client libraries add headers of their own, so those asked for are allowed. */
export function preflightResponse(request: Request, origins: readonly string[]): Response {
  const headers = new Headers(corsHeaders(origins, request.headers.get("origin")));
  if (headers.has("access-control-allow-origin")) {
    headers.set("access-control-allow-methods", METHODS);
    headers.set(
      "access-control-allow-headers",
      request.headers.get("access-control-request-headers") || HEADERS,
    );
    headers.set("access-control-max-age", MAX_AGE_SECONDS);
  }
  headers.append("vary", "access-control-request-headers");
  return new Response(null, { status: 204, headers });
}
