import * as z from "zod";
import type { ProviderFailure } from "../../errors.ts";
import type { Refusal } from "../resilience/attempt_request.ts";
import { readStatusFailure } from "../resilience/read_status_failure.ts";

const refusal = z.looseObject({
  error: z.looseObject({
    message: z.string(),
    code: z.number(),
    error_data: z.looseObject({ details: z.string().optional() }).nullish(),
  }),
});

const UNAUTHORIZED = new Set([0, 3, 10, 104, 190, 131005]);
const RATE_LIMITED = new Set([4, 80007, 130429, 131048, 131056]);
const UNAVAILABLE = new Set([1, 2, 131000, 131016, 131057]);

/**
 * Meta's `{error: {message, code, error_data}}`. Its code decides: rate limits and outages also come
 * as HTTP 400. https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
export function readGraphRefusal(status: number, body: unknown): Refusal {
  const parsed = refusal.safeParse(body);
  if (!parsed.success) {
    return {
      failure: readStatusFailure(status),
      reason: `it answered with status ${status}`,
    };
  }
  const { code, message, error_data: data } = parsed.data.error;
  const details = data?.details === undefined ? "" : `: ${data.details}`;
  return {
    failure: readCode(code, status),
    reason: `${message}${details} (code ${code})`,
  };
}

function readCode(code: number, status: number): ProviderFailure {
  if (UNAUTHORIZED.has(code) || (code >= 200 && code <= 299)) {
    return "unauthorized";
  }
  if (RATE_LIMITED.has(code)) return "rate_limited";
  if (UNAVAILABLE.has(code)) return "unavailable";
  // An id that does not exist or that the token may not see.
  return code === 100 ? "refused" : readStatusFailure(status);
}
