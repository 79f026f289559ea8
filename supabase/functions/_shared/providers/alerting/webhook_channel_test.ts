import assert from "node:assert/strict";
import { type Answer, serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import { createAlertDelivery } from "../../../../../tests/in_memory/create_alert_delivery.ts";
import { redactText } from "../../log/redact.ts";
import { createWebhookChannel } from "./webhook_channel.ts";

const NOW = Date.parse("2026-11-21T10:00:00Z");
/** Of no test but that of a channel which hangs: on a busy machine an answer may take its time. */
const LONG = 20_000;
const open = (url: string, timeoutMilliseconds = LONG) =>
  createWebhookChannel({
    url,
    redact: (text) => redactText(text),
    clock: () => NOW,
    timeoutMilliseconds,
  });

Deno.test("an alert is told as text, under its delivery's id, without a secret", async () => {
  await using server = serveAnswers({ status: 200, text: "ok" });
  const message = "refused Bearer abcdefghijklmnop of +250788123456";
  const delivery = createAlertDelivery({ alert: { message } });
  const channel = open(`${server.url}/services/T0/B0/hidden`);
  assert.deepEqual(await channel.tell(delivery), { outcome: "sent" });
  await channel.tell(delivery);
  const [first, second] = server.received;
  assert.deepEqual([first?.method, first?.path], ["POST", "/services/T0/B0/hidden"]);
  const { text, ...others } = JSON.parse(first?.body ?? "{}");
  assert.deepEqual(others, {});
  assert.match(text, /^\[critical\] queue_waits: refused Bearer \[redacted\] of \[number\] \(/);
  assert.equal(first?.headers.get("idempotency-key"), delivery.id);
  assert.equal(second?.headers.get("idempotency-key"), delivery.id);
});

Deno.test("what isn't taken is told as such, with the wait that is asked for", async (test) => {
  const cases: [string, Answer, string, number | null][] = [
    ["fails", { status: 500 }, "it answered 500", null],
    ["is gone", { status: 410 }, "it answered 410", null],
    [
      "has enough",
      { status: 429, headers: { "retry-after": "30" } },
      "it answered 429",
      30,
    ],
    [
      "names a moment",
      { status: 503, headers: { "retry-after": "Sat, 21 Nov 2026 10:02:00 GMT" } },
      "it answered 503",
      120,
    ],
    [
      "asks for days",
      { status: 429, headers: { "retry-after": "900000" } },
      "it answered 429",
      3600,
    ],
    ["hangs", "hang", "it didn't answer in time", null],
  ];
  for (const [name, answer, reason, retryAfterSeconds] of cases) {
    await test.step(name, async () => {
      await using server = serveAnswers(answer);
      const channel = open(`${server.url}/hidden`, answer === "hang" ? 300 : LONG);
      const told = await channel.tell(createAlertDelivery());
      assert.deepEqual(told, { outcome: "failed", reason, retryAfterSeconds });
    });
  }
});

Deno.test("no redirect is followed, and no error names the address", async () => {
  await using elsewhere = serveAnswers({ status: 200 });
  await using server = serveAnswers({ status: 307, headers: { location: elsewhere.url } });
  const told = await open(`${server.url}/hidden`).tell(createAlertDelivery());
  assert.deepEqual(told, {
    outcome: "failed",
    reason: "it answered 307, and no redirect is followed",
    retryAfterSeconds: null,
  });
  assert.deepEqual(elsewhere.received, []);

  const refused = await open("http://127.0.0.1:1/hidden").tell(createAlertDelivery());
  assert.deepEqual(refused, {
    outcome: "failed",
    reason: "the connection failed",
    retryAfterSeconds: null,
  });
});
