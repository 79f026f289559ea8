import assert from "node:assert/strict";
import { type Answer, serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import { createAlertDelivery } from "../../../../../tests/in_memory/create_alert_delivery.ts";
import { redactText } from "../../log/redact.ts";
import { createSentryChannel } from "./sentry_channel.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const ORG = "a1000000-0000-4000-8000-000000000000";
/** Of no test but that of a channel which hangs: on a busy machine an answer may take its time. */
const LONG = 20_000;
const open = (url: string, timeoutMilliseconds = LONG) =>
  createSentryChannel({
    dsn: url.replace("http://", `http://${KEY}@`) + "/42",
    release: "1.2.3",
    redact: (text) => redactText(text),
    timeoutMilliseconds,
  });

Deno.test("an alert is an event in an envelope, scrubbed", async () => {
  await using server = serveAnswers({ status: 200, body: {} });
  const delivery = createAlertDelivery({
    channel: "sentry",
    alert: {
      org_id: ORG,
      rule: "credential_failed",
      dedupe_key: "vapi",
      message: "Cannot use sb_secret_abcdefgh for +250 788 123 456",
      details: {
        provider: "vapi",
        failures: 3,
        text: "my secret words",
        access_token: "EAAabcdefghijklmnopqrst",
        caller: "250788123456",
      },
    },
  });
  assert.deepEqual(await open(server.url).tell(delivery), { outcome: "sent" });
  const [received] = server.received;
  assert.match(received?.path ?? "", /^\/api\/42\/envelope\//);
  const [header, item, event] = (received?.body ?? "").trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  assert.equal(header.event_id, delivery.id.replaceAll("-", ""));
  assert.equal(item.type, "event");
  assert.deepEqual(
    {
      event_id: event.event_id,
      level: event.level,
      message: event.message,
      tags: event.tags,
      extra: event.extra,
      fingerprint: event.fingerprint,
      release: event.release,
      timestamp: event.timestamp,
      server_name: event.server_name,
    },
    {
      event_id: delivery.id.replaceAll("-", ""),
      level: "error",
      message: "credential_failed: Cannot use sb_secret_[redacted] for [number]",
      tags: {
        rule: "credential_failed",
        severity: "critical",
        event: "raised",
        alert_id: delivery.alert.id,
        org_id: ORG,
      },
      extra: {
        provider: "vapi",
        failures: 3,
        access_token: "EAA[redacted]",
        caller: "[number]",
      },
      fingerprint: ["alert", "credential_failed", ORG, "vapi", "raised"],
      release: "1.2.3",
      timestamp: Date.parse("2026-11-21T10:00:00.000Z") / 1_000,
      server_name: "switchboard",
    },
  );
  for (const name of ["user", "request", "breadcrumbs", "exception"]) {
    assert.equal(event[name], undefined, name);
  }
});

Deno.test("what Sentry doesn't take is told as such, and is sent again when asked to", async (test) => {
  const cases: [string, Answer, string, number | null][] = [
    ["fails", { status: 500 }, "it answered 500", null],
    ["has enough", { status: 429, headers: { "retry-after": "30" } }, "it answered 429", 30],
    ["redirects", { status: 302, headers: { location: "/x" } }, "it answered 302", null],
    ["hangs", "hang", "the connection failed", null],
  ];
  for (const [name, answer, reason, retryAfterSeconds] of cases) {
    await test.step(name, async () => {
      await using server = serveAnswers(answer, { status: 200, body: {} });
      const channel = open(server.url, answer === "hang" ? 1_000 : LONG);
      const told = await channel.tell(createAlertDelivery());
      assert.deepEqual(told, { outcome: "failed", reason, retryAfterSeconds });
      assert.deepEqual(await channel.tell(createAlertDelivery()), { outcome: "sent" });
      assert.equal(server.received.length, 2);
    });
  }
});
