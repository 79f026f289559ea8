import * as z from "zod";
import type { ProviderFailure } from "../../errors.ts";
import type { Refusal } from "../resilience/attempt_request.ts";
import { readStatusFailure } from "../resilience/read_status_failure.ts";

const refusal = z.looseObject({ code: z.number(), message: z.string() });

/** https://www.twilio.com/docs/api/errors */
const FAILURE_OF_CODE: Record<number, ProviderFailure> = {
  20003: "unauthorized",
  20404: "not_found",
  20429: "rate_limited",
};

/** Twilio's `{code, message, more_info, status}`; its code decides before the HTTP status. */
export function readTwilioRefusal(status: number, body: unknown): Refusal {
  const parsed = refusal.safeParse(body);
  if (!parsed.success) {
    return { failure: readStatusFailure(status), reason: `it answered with status ${status}` };
  }
  const { code, message } = parsed.data;
  return {
    failure: FAILURE_OF_CODE[code] ?? readStatusFailure(status),
    reason: `${message} (code ${code})`,
  };
}
