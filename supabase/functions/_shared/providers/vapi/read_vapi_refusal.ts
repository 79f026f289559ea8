import * as z from "zod";
import type { Refusal } from "../resilience/attempt_request.ts";
import { readStatusFailure } from "../resilience/read_status_failure.ts";

/** NestJS: one message, or one per field that was refused. */
const refusal = z.looseObject({ message: z.union([z.string(), z.array(z.string())]) });

/** Vapi's `{message, error, statusCode}`; its messages are joined by "; ". */
export function readVapiRefusal(status: number, body: unknown): Refusal {
  const parsed = refusal.safeParse(body);
  const message = parsed.success ? parsed.data.message : `it answered with status ${status}`;
  return {
    failure: readStatusFailure(status),
    reason: typeof message === "string" ? message : message.join("; "),
  };
}
