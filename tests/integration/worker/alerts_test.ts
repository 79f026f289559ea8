import { deepEqual, equal, match, ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { callRpc } from "../../support/call_rpc.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { receiveAlerts, type ReceivedAlert } from "../support/receive_alerts.ts";
import { startExtraFunction } from "../support/start_extra_function.ts";
import { waitUntil } from "../support/workspace.ts";

/** Something that only this test raises. */
async function raise(message = "It stands") {
  const alert = { rule: "queue_waits", dedupe_key: randomUUID(), severity: "critical", message };
  const { id } = await callRpc<{ id: string }>("raise_alert", alert);
  return { id, resolve: () => callRpc("resolve_alert", alert) };
}

/** Posts a run to one worker's process. */
async function start(url: string): Promise<string> {
  const requestId = randomUUID();
  const answer = await fetch(`${url}/run`, {
    method: "POST",
    headers: {
      apikey: readStack().secret_key,
      "content-type": "application/json",
      "x-request-id": requestId,
    },
    body: JSON.stringify({ kind: "deliver_alerts" }),
  });
  equal(answer.status, 202, await answer.text());
  return requestId;
}

async function run(url: string): Promise<void> {
  const requestId = await start(url);
  await waitUntil("the end of the run", async () => {
    const [beat] = await queryDatabase<{ phase: string }>(
      "select phase from public.worker_heartbeats where kind = 'deliver_alerts' and request_id = $1",
      [requestId],
    );
    return beat?.phase === "completed";
  });
}

/** As if every backoff and every lease had passed. */
async function passTime(): Promise<void> {
  await queryDatabase(
    "update public.alert_deliveries set available_at = now() where state in ('queued', 'claimed')",
  );
  await queryDatabase(
    `update public.background_jobs set available_at = now()
     where kind = 'deliver_alerts' and state in ('queued', 'claimed')`,
  );
}

const readDeliveries = (alertId: string) =>
  queryDatabase<{ channel: string; event: string; state: string; last_error: string | null }>(
    `select channel, event, state, last_error from public.alert_deliveries
     where alert_id = $1::text::uuid order by channel, event`,
    [alertId],
  );
const told = (received: ReceivedAlert[]) =>
  received.map(({ channel, text }) => `${channel} ${/Resolved/.test(text) ? "resolved" : "raised"}`)
    .toSorted();

Deno.test("alerts: raised and resolved are told once each, on the webhook and to Sentry", async () => {
  await using receiver = receiveAlerts();
  await using worker = await startExtraFunction("worker", receiver.environment);
  const alert = await raise("sb_secret_abcdefgh of +250 788 123 456 was refused");
  await run(worker.url);
  await run(worker.url);
  deepEqual(told(receiver.of(alert.id)), ["sentry raised", "webhook raised"]);
  for (const { text } of receiver.of(alert.id)) {
    match(text, /\[redacted\] of \[number\] was refused/);
    ok(!/abcdefgh|788 123/.test(text), text);
  }

  await alert.resolve();
  await run(worker.url);
  await run(worker.url);
  deepEqual(told(receiver.of(alert.id)), [
    "sentry raised",
    "sentry resolved",
    "webhook raised",
    "webhook resolved",
  ]);
  const ids = receiver.of(alert.id).map(({ id }) => id);
  equal(new Set(ids).size, 4, "each has an id of its own");
  ok(
    !/hidden-path|0123456789abcdef0123456789abcdef/.test(worker.readLog()),
    "no address is logged",
  );
});

Deno.test("alerts: an outage loses nothing, and one channel's is not the other's", async () => {
  let isAway = true;
  await using receiver = receiveAlerts(({ channel }) =>
    isAway && channel === "webhook" ? new Response(null, { status: 500 }) : new Response("ok")
  );
  await using worker = await startExtraFunction("worker", receiver.environment);
  const alert = await raise();
  await passTime();
  await run(worker.url);
  const [sentry, webhook] = await readDeliveries(alert.id);
  deepEqual([sentry?.state, webhook?.state], ["sent", "queued"]);
  isAway = false;
  await passTime();
  await run(worker.url);
  deepEqual((await readDeliveries(alert.id)).map(({ state }) => state), ["sent", "sent"]);
  const tried = receiver.of(alert.id).filter(({ channel }) => channel === "webhook");
  equal(new Set(tried.map(({ id }) => id)).size, 1, "the same again under the same id");
});

Deno.test("alerts: two workers tell each alert once", async () => {
  await using receiver = receiveAlerts();
  await using first = await startExtraFunction("worker", receiver.environment);
  await using second = await startExtraFunction("worker", receiver.environment);
  const alerts = await Promise.all(Array.from({ length: 15 }, () => raise()));
  await queryDatabase(
    `insert into public.background_jobs (kind, dedupe_key)
     select 'deliver_alerts', 'beside-' || n from generate_series(1, 4) as n`,
  );
  await Promise.all([run(first.url), run(second.url)]);
  await run(first.url);
  for (const { id } of alerts) {
    deepEqual(told(receiver.of(id)), ["sentry raised", "webhook raised"]);
  }
});

Deno.test("alerts: what a killed worker was telling is told again under its id", async () => {
  const asked = Promise.withResolvers<void>();
  const killed = Promise.withResolvers<void>();
  const { id } = await raise();
  let hangs = true;
  await using receiver = receiveAlerts(async ({ channel, text }) => {
    if (hangs && channel === "webhook" && text.includes(id)) {
      asked.resolve();
      await killed.promise;
    }
    return new Response("ok");
  });
  await passTime();
  {
    await using worker = await startExtraFunction("worker", receiver.environment);
    await start(worker.url);
    await asked.promise;
    hangs = false;
  }
  killed.resolve();
  const [, before] = await readDeliveries(id);
  equal(before?.state, "claimed");
  await passTime();
  await using worker = await startExtraFunction("worker", receiver.environment);
  await run(worker.url);
  const calls = receiver.of(id).filter(({ channel }) => channel === "webhook");
  equal(calls.length, 2);
  equal(calls[0]?.id, calls[1]?.id);
  deepEqual((await readDeliveries(id)).map(({ state }) => state), ["sent", "sent"]);
});
