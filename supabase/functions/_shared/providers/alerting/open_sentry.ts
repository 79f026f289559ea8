import { createTransport, DenoClient } from "@sentry/deno";
import type { AlertTold } from "../../ports_alerts.ts";
import type { Fetch } from "../resilience/send_request.ts";
import type { SentryEvent } from "./describe_event.ts";

export type SendToSentry = (event: SentryEvent) => Promise<AlertTold>;

const LONGEST_WAIT_SECONDS = 3_600;

/**
 * A client of its own, with nothing installed that watches the process: no handlers, no traces, no
 * breadcrumbs, no request. What is sent is what it is given, and whether Sentry took it is told.
 */
export function openSentry(
  { dsn, release, timeoutMilliseconds }: {
    dsn: string;
    release: string;
    timeoutMilliseconds: number;
  },
  fetch: Fetch,
): SendToSentry {
  const client = new DenoClient({
    dsn,
    release,
    integrations: [],
    stackParser: () => [],
    // Not the host's own.
    serverName: "switchboard",
    sendDefaultPii: false,
    sendClientReports: false,
    transport: (options) =>
      createTransport(options, async ({ body }) => {
        const response = await fetch(options.url, {
          method: "POST",
          headers: { "content-type": "application/x-sentry-envelope", ...options.headers },
          body: body as BodyInit,
          redirect: "manual",
          signal: AbortSignal.timeout(timeoutMilliseconds),
        });
        await response.body?.cancel();
        return {
          statusCode: response.status,
          headers: {
            "retry-after": response.headers.get("retry-after"),
            "x-sentry-rate-limits": response.headers.get("x-sentry-rate-limits"),
          },
        };
      }),
  });
  client.init();

  return (event) => {
    const { promise, resolve } = Promise.withResolvers<AlertTold>();
    const fail = (reason: string, retryAfterSeconds: number | null = null) =>
      resolve({ outcome: "failed", reason, retryAfterSeconds });
    const timer = setTimeout(() => fail("it didn't answer in time"), timeoutMilliseconds + 1_000);
    const stop = client.on("afterSendEvent", ({ event_id }, answer) => {
      if (event_id !== event.event_id) return;
      const { statusCode, headers } = answer;
      if (statusCode === undefined) fail("the connection failed");
      else if (statusCode < 300) resolve({ outcome: "sent" });
      else fail(`it answered ${statusCode}`, readSeconds(headers?.["retry-after"] ?? null));
    });
    client.captureEvent(event);
    return promise.finally(() => {
      clearTimeout(timer);
      stop();
    });
  };
}

function readSeconds(header: string | null): number | null {
  const seconds = Number(header);
  return header === null || !(seconds >= 0) ? null : Math.min(LONGEST_WAIT_SECONDS, seconds);
}
