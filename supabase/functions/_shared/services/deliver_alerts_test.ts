import assert from "node:assert/strict";
import { createAlertDelivery } from "../../../../tests/in_memory/create_alert_delivery.ts";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import type {
  AlertChannel,
  AlertDelivery,
  AlertDeliveryStore,
  AlertTold,
} from "../ports_alerts.ts";
import { deliverAlerts } from "./deliver_alerts.ts";

const SENT: AlertTold = { outcome: "sent" };
const failed = (retryAfterSeconds: number | null): AlertTold => ({
  outcome: "failed",
  reason: "it answered 500",
  retryAfterSeconds,
});

function setUp(waiting: AlertDelivery[], answers: Record<string, AlertTold[]>) {
  const asked: string[][] = [];
  const recorded: string[] = [];
  const told: string[] = [];
  const alertDeliveries: AlertDeliveryStore = {
    claimAlertDeliveries: ({ channels, limit }) => {
      asked.push(channels);
      const claimed = waiting.filter(({ channel }) => channels.includes(channel)).slice(0, limit);
      for (const one of claimed) waiting.splice(waiting.indexOf(one), 1);
      return Promise.resolve(claimed);
    },
    recordAlertDelivery: ({ id, outcome, retry_after_seconds }) => {
      recorded.push(`${id} ${outcome} ${retry_after_seconds}`);
      return Promise.resolve({ code: "recorded", state: outcome });
    },
  };
  const alertChannels = Object.entries(answers).map(([name, given]): AlertChannel => ({
    name: name as AlertChannel["name"],
    tell: ({ id }) => {
      told.push(id);
      return Promise.resolve(given.shift() ?? SENT);
    },
  }));
  const run = () =>
    deliverAlerts({ alertDeliveries, alertChannels, clock: () => 0, logger: createMemoryLogger() });
  return { run, asked, recorded, told };
}

const deliveries = (channel: AlertDelivery["channel"], count: number) =>
  Array.from(
    { length: count },
    (_, place) => createAlertDelivery({ id: `${channel}${place + 1}`, channel }),
  );

Deno.test("everything is told, in order, until nothing waits", async () => {
  const { run, recorded } = setUp(deliveries("webhook", 12), { webhook: [] });
  assert.deepEqual(await run(), { sent: 12, failed: 0 });
  assert.deepEqual(
    recorded,
    Array.from({ length: 12 }, (_, place) => `webhook${place + 1} sent null`),
  );
});

Deno.test("a channel that fails is left alone, the others go on", async () => {
  const { run, recorded, told, asked } = setUp(
    [...deliveries("webhook", 3), ...deliveries("sentry", 2)],
    { webhook: [SENT, failed(30)], sentry: [] },
  );
  assert.deepEqual(await run(), { sent: 3, failed: 1 });
  assert.deepEqual(recorded.toSorted(), [
    "sentry1 sent null",
    "sentry2 sent null",
    "webhook1 sent null",
    "webhook2 failed 30",
    "webhook3 held 30",
  ]);
  assert.ok(!told.includes("webhook3"));
  assert.deepEqual(asked.at(-1), ["sentry"]);
});

Deno.test("without a wait of its own a failure backs off and the rest waits a minute", async () => {
  const { run, recorded } = setUp(deliveries("webhook", 2), { webhook: [failed(null)] });
  await run();
  assert.deepEqual(recorded, ["webhook1 failed null", "webhook2 held 60"]);
});

Deno.test("nobody is asked where no channel is configured", async () => {
  const { run, asked } = setUp(deliveries("webhook", 1), {});
  assert.deepEqual(await run(), { sent: 0, failed: 0 });
  assert.deepEqual(asked, []);
});
