import type { ProviderFailure } from "../../errors.ts";

/** What an HTTP status that is not 2xx means where a provider's own code says nothing else. */
export function readStatusFailure(status: number): ProviderFailure {
  if (status === 401) return "unauthorized";
  if (status === 404) return "not_found";
  if (status === 429) return "rate_limited";
  if (status === 408) return "timed_out";
  if (status >= 500) return "unavailable";
  return status >= 400 ? "refused" : "invalid_response";
}
