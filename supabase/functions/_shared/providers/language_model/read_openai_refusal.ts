import * as z from "zod";
import type { Refusal } from "../resilience/attempt_request.ts";
import { readStatusFailure } from "../resilience/read_status_failure.ts";

const refusal = z.looseObject({
  error: z.looseObject({ message: z.string(), code: z.string().nullish() }),
});

/** Money that is spent does not come back within a retry. */
const QUOTA_WAIT_MILLISECONDS = 3_600_000;

/** OpenAI's `{error: {message, type, param, code}}`. */
export function readOpenaiRefusal(status: number, body: unknown): Refusal {
  const parsed = refusal.safeParse(body);
  if (!parsed.success) {
    return { failure: readStatusFailure(status), reason: `it answered with status ${status}` };
  }
  const { message, code } = parsed.data.error;
  const failure = status === 403 ? "unauthorized" : readStatusFailure(status);
  return {
    failure,
    reason: message,
    ...(code === "insufficient_quota" ? { retryAfterMilliseconds: QUOTA_WAIT_MILLISECONDS } : {}),
  };
}
