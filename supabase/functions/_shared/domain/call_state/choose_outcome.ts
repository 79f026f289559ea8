import type { CallDirection, CallOutcome } from "../../ports_calls.ts";

/** Ways in which a call ends before anybody speaks, whatever its length says. */
const NOT_TAKEN = [
  /^assistant-request-/,
  /^assistant-not-/,
  /^call[.-]start/,
  /no-answer|did-not-answer|customer-busy|unreachable|rejected|failed-to-connect/,
  /twilio-failed|vonage-(?:failed|rejected)/,
];
const TRANSFERRED = /forwarded|forwarding-phone-number|transferred/;
const FAILED = /error|fault|failed|timed?-?out-before|worker-shutdown|unknown-error/;

/**
 * What a dashboard calls the end of a call. `ended_reason` is Vapi's, an open list of hundreds:
 * what isn't known is judged by whether anybody spoke.
 */
export function chooseOutcome(
  { direction, ended_reason, duration_seconds }: {
    direction: CallDirection | null;
    ended_reason: string | null;
    duration_seconds: number | null;
  },
): CallOutcome {
  const reason = ended_reason?.toLowerCase() ?? "";
  if (reason.includes("voicemail")) return "voicemail";
  if (TRANSFERRED.test(reason) && !FAILED.test(reason)) return "transferred";
  if (wasMissed({ direction, ended_reason, duration_seconds })) return "missed";
  if (FAILED.test(reason) || NOT_TAKEN.some((pattern) => pattern.test(reason))) return "failed";
  return reason === "" && !duration_seconds ? "unknown" : "completed";
}

/** Whether somebody called and nobody spoke to them. Only an inbound call can be missed. */
export function wasMissed(
  { direction, ended_reason, duration_seconds }: {
    direction: CallDirection | null;
    ended_reason: string | null;
    duration_seconds: number | null;
  },
): boolean {
  if (direction === "outbound" || direction === "web") return false;
  const reason = ended_reason?.toLowerCase() ?? "";
  if (TRANSFERRED.test(reason)) return false;
  if (NOT_TAKEN.some((pattern) => pattern.test(reason))) return true;
  return duration_seconds === 0;
}
