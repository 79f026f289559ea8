import type { AlertChannel } from "../../ports_alerts.ts";
import type { Fetch } from "../resilience/send_request.ts";
import type { SendToSentry } from "./open_sentry.ts";
import { describeEvent } from "./describe_event.ts";

export type SentryConfig = {
  dsn: string;
  release: string;
  /** Takes out what looks like a secret. */
  redact: (text: string) => string;
  timeoutMilliseconds?: number;
};

/**
 * Tells alerts to Sentry as events: the delivery's id is the event's, so that one told twice is one there;
 * what belongs to one alert rule, organization and key is one issue. The package is loaded when there is
 * something to tell.
 */
export function createSentryChannel(
  { dsn, release, redact, timeoutMilliseconds = 10_000 }: SentryConfig,
  fetch: Fetch = globalThis.fetch,
): AlertChannel {
  let opened: Promise<SendToSentry> | null = null;
  const open = () => opened ??= load();
  async function load(): Promise<SendToSentry> {
    const { openSentry } = await import("./open_sentry.ts");
    return openSentry({ dsn, release, timeoutMilliseconds }, fetch);
  }

  return {
    name: "sentry",
    async tell(delivery) {
      try {
        const told = await (await open())(describeEvent(delivery, redact));
        // One that was refused remembers how long to say nothing at all; we keep count of that ourselves.
        if (told.outcome === "failed") opened = null;
        return told;
      } catch {
        opened = null;
        return { outcome: "failed", reason: "it could not be asked", retryAfterSeconds: null };
      }
    },
  };
}
