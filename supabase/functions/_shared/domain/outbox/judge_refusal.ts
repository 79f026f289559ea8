/** What to do about a message that WhatsApp refused. */
export type Verdict =
  /** Try this contact again after that many seconds. */
  | { kind: "back_off"; seconds: number }
  /** Try nobody of this organization for that many seconds. */
  | { kind: "pause"; seconds: number; alert: boolean }
  /** The 24 hours are over: only a template is allowed. */
  | { kind: "window_closed" }
  /** The person wants none of our messages. */
  | { kind: "opted_out" }
  /** This id can't be sent to; another one of the same person may do. */
  | { kind: "recipient_unsupported" }
  | { kind: "token_bad" }
  | { kind: "never" };

const TOKEN_BAD = new Set([0, 3, 10, 104, 190, 131005]);
/** Limits of the number or the account as a whole. */
const THROTTLED: Record<number, number> = { 4: 60, 80007: 60, 130429: 15, 131048: 900 };
/** Meta's own trouble. */
const PASSING = new Set([1, 2, 131000, 131016, 131057]);
const NEVER = new Set([100, 130403, 131008, 131009, 131021, 131026, 131051]);
/** Blocked, restricted, locked, unpaid: a person has to settle it with Meta. */
const ACCOUNT = new Set([368, 130497, 131031, 131042]);

/** About one message per six seconds to one person. */
const PAIR_RATE_SECONDS = 6;

/**
 * The codes decide, not the HTTP status: rate limits also come as 400.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 * @param attempts how often this message was tried, at least once
 */
export function judgeRefusal(
  refusal: { code: number | null; status: number | null; retryAfterSeconds: number | null },
  attempts: number,
): Verdict {
  const { code, status, retryAfterSeconds } = refusal;
  const exponential = Math.min(600, 5 * 2 ** Math.min(Math.max(attempts, 1) - 1, 10));
  const wait = Math.max(retryAfterSeconds ?? 0, exponential);
  if (code === null) {
    if (status === 401 || status === 403) return { kind: "token_bad" };
    return status === 429 || (status ?? 500) >= 500
      ? { kind: "back_off", seconds: wait }
      : { kind: "never" };
  }
  if (TOKEN_BAD.has(code) || (code >= 200 && code <= 299)) return { kind: "token_bad" };
  const throttled = THROTTLED[code];
  if (throttled !== undefined) {
    return { kind: "pause", seconds: Math.max(retryAfterSeconds ?? 0, throttled), alert: false };
  }
  if (code === 131056) {
    return {
      kind: "back_off",
      seconds: Math.max(retryAfterSeconds ?? 0, PAIR_RATE_SECONDS * Math.max(attempts, 1)),
    };
  }
  if (PASSING.has(code)) return { kind: "back_off", seconds: wait };
  if (code === 131047) return { kind: "window_closed" };
  if (code === 131050) return { kind: "opted_out" };
  if (code === 131062) return { kind: "recipient_unsupported" };
  if (ACCOUNT.has(code)) return { kind: "pause", seconds: 3600, alert: true };
  if (NEVER.has(code) || (code >= 132000 && code <= 132999)) return { kind: "never" };
  return status === 429 || (status ?? 0) >= 500
    ? { kind: "back_off", seconds: wait }
    : { kind: "never" };
}
