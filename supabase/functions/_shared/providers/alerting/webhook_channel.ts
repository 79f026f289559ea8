import { describeAlert } from "../../domain/alerts/describe_alert.ts";
import type { Clock } from "../../ports.ts";
import type { AlertChannel, AlertTold } from "../../ports_alerts.ts";
import { readRetryAfter } from "../resilience/read_retry_after.ts";
import type { Fetch } from "../resilience/send_request.ts";

export type WebhookConfig = {
  /** Whoever knows it may write to the channel: it is in no log and no error. */
  url: string;
  /** Takes out what looks like a secret. */
  redact: (text: string) => string;
  clock?: Clock;
  timeoutMilliseconds?: number;
};

const LONGEST_WAIT_SECONDS = 3_600;

/**
 * Tells alerts as `{"text": …}`, which Slack's incoming webhooks and their kin take. The delivery's id goes
 * along as `idempotency-key`, the same whenever it is told again. No redirect is followed.
 */
export function createWebhookChannel(
  { url, redact, clock = Date.now, timeoutMilliseconds = 10_000 }: WebhookConfig,
  fetch: Fetch = globalThis.fetch,
): AlertChannel {
  return {
    name: "webhook",
    async tell(delivery) {
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": delivery.id },
          body: JSON.stringify({ text: redact(describeAlert(delivery)) }),
          redirect: "manual",
          signal: AbortSignal.timeout(timeoutMilliseconds),
        });
        await response.body?.cancel();
        return judge(response, clock());
      } catch (error) {
        // The error's own text names the address.
        const late = error instanceof DOMException && error.name === "TimeoutError";
        const reason = late ? "it didn't answer in time" : "the connection failed";
        return { outcome: "failed", reason, retryAfterSeconds: null };
      }
    },
  };
}

function judge({ status, headers }: Response, now: number): AlertTold {
  if (status >= 200 && status < 300) return { outcome: "sent" };
  const asked = readRetryAfter(headers.get("retry-after"), now);
  return {
    outcome: "failed",
    reason: status >= 300 && status < 400
      ? `it answered ${status}, and no redirect is followed`
      : `it answered ${status}`,
    retryAfterSeconds: asked === null
      ? null
      : Math.min(LONGEST_WAIT_SECONDS, Math.ceil(asked / 1_000)),
  };
}
