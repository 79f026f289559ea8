/** What a channel was told: the webhook's text and id, or the event of a Sentry envelope. */
export type ReceivedAlert = { channel: "webhook" | "sentry"; id: string; text: string };

/**
 * A Slack-compatible webhook and a Sentry project on 127.0.0.1. `answer` decides on each request; a
 * promise that never settles hangs.
 */
export function receiveAlerts(
  answer: (received: ReceivedAlert) => Response | Promise<Response> = () => new Response("ok"),
) {
  const received: ReceivedAlert[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, onError: () => new Response(null) },
    async (request) => {
      const body = await request.text();
      const one = readAlert(request, body);
      received.push(one);
      return await answer(one);
    },
  );
  const { port } = server.addr;
  return {
    received,
    /** Of one alert, by its id. */
    of: (alertId: string) => received.filter(({ text }) => text.includes(alertId)),
    environment: {
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/services/T0/B0/hidden-path`,
      SENTRY_DSN: `http://0123456789abcdef0123456789abcdef@127.0.0.1:${port}/42`,
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function readAlert(request: Request, body: string): ReceivedAlert {
  if (new URL(request.url).pathname.startsWith("/api/42/")) {
    const event = body.trim().split("\n").at(-1) ?? "";
    return { channel: "sentry", id: JSON.parse(event).event_id, text: event };
  }
  return {
    channel: "webhook",
    id: request.headers.get("idempotency-key") ?? "",
    text: JSON.parse(body).text,
  };
}
