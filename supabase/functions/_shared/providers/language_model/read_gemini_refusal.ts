import * as z from "zod";
import type { Refusal } from "../resilience/attempt_request.ts";
import { readStatusFailure } from "../resilience/read_status_failure.ts";

const refusal = z.looseObject({
  error: z.looseObject({
    message: z.string(),
    status: z.string().optional(),
    details: z.array(z.looseObject({
      reason: z.string().optional(),
      retryDelay: z.string().optional(),
      violations: z.array(z.looseObject({ quotaId: z.string().optional() })).optional(),
    })).optional(),
  }),
});

/** A quota of the day is full again at midnight in California; nobody waits for that. */
const DAY_QUOTA_WAIT_MILLISECONDS = 3_600_000;

/** Google's `{error: {code, message, status, details}}` (google.rpc.Status). */
export function readGeminiRefusal(status: number, body: unknown): Refusal {
  const parsed = refusal.safeParse(body);
  if (!parsed.success) {
    return { failure: readStatusFailure(status), reason: `it answered with status ${status}` };
  }
  const { message, status: name, details = [] } = parsed.data.error;
  const reason = name === undefined ? message : `${message} (${name})`;
  // A key that is not valid is an argument that is not valid: status 400.
  const badKey = details.some((detail) => /^API_KEY_/.test(detail.reason ?? ""));
  if (badKey || status === 403) return { failure: "unauthorized", reason };
  const failure = readStatusFailure(status);
  if (failure !== "rate_limited") return { failure, reason };
  const perDay = details.some(({ violations }) =>
    violations?.some(({ quotaId }) => /PerDay/i.test(quotaId ?? ""))
  );
  const wait = perDay ? DAY_QUOTA_WAIT_MILLISECONDS : readDelay(details);
  return { failure, reason, ...(wait === undefined ? {} : { retryAfterMilliseconds: wait }) };
}

/** `"17s"`, `"0.5s"` (google.protobuf.Duration). */
function readDelay(details: { retryDelay?: string | undefined }[]): number | undefined {
  const delay = details.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay;
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? "")?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
