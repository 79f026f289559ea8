import type { Clock, Logger } from "../ports.ts";
import type {
  AlertChannel,
  AlertChannelName,
  AlertDelivery,
  AlertDeliveryStore,
} from "../ports_alerts.ts";

export type DeliverAlertPorts = {
  alertDeliveries: AlertDeliveryStore;
  /** Those that are configured. */
  alertChannels: AlertChannel[];
  clock: Clock;
  logger: Logger;
};

const LIMIT = 10;
/** Longer than telling the first of a claim takes to fail, after which the others are let go. */
const LEASE_SECONDS = 150;
/** Half a minute at first, doubled up to an hour: about six hours. */
const MAX_ATTEMPTS = 12;
const BUDGET_MILLISECONDS = 40_000;
/** How long the others wait for a channel that has just failed. */
const REST_SECONDS = 60;

/**
 * Tells what is to be told, on all channels side by side, in order on each. A channel that fails is left
 * alone for the rest of this call: what it would have been told next is held without an attempt spent.
 */
export async function deliverAlerts(
  { alertDeliveries, alertChannels, clock, logger }: DeliverAlertPorts,
): Promise<{ sent: number; failed: number }> {
  const began = clock();
  const counts = { sent: 0, failed: 0 };
  const working = new Map(alertChannels.map((channel) => [channel.name, channel]));

  while (working.size > 0 && clock() - began < BUDGET_MILLISECONDS) {
    const claimed = await alertDeliveries.claimAlertDeliveries({
      channels: [...working.keys()],
      limit: LIMIT,
      lease_seconds: LEASE_SECONDS,
    });
    if (claimed.length === 0) break;
    await Promise.all(
      [...working.values()].map((channel) =>
        tellAll(channel, claimed.filter((delivery) => delivery.channel === channel.name))
      ),
    );
  }
  return counts;

  async function tellAll(channel: AlertChannel, deliveries: AlertDelivery[]): Promise<void> {
    let rest: number | null = null;
    for (const delivery of deliveries) {
      if (rest !== null) {
        await record(delivery, { outcome: "held", error: null, retry_after_seconds: rest });
        continue;
      }
      const told = await channel.tell(delivery);
      if (told.outcome === "sent") {
        counts.sent += 1;
        await record(delivery, { outcome: "sent", error: null, retry_after_seconds: null });
        continue;
      }
      counts.failed += 1;
      rest = told.retryAfterSeconds ?? REST_SECONDS;
      working.delete(channel.name);
      logFailure(channel.name, delivery, told.reason);
      await record(delivery, {
        outcome: "failed",
        error: told.reason,
        retry_after_seconds: told.retryAfterSeconds,
      });
    }
  }

  async function record(
    { id, fencing_token }: AlertDelivery,
    what: { outcome: "sent" | "failed" | "held"; error: string | null } & {
      retry_after_seconds: number | null;
    },
  ): Promise<void> {
    const recorded = await alertDeliveries.recordAlertDelivery({
      id,
      fencing_token,
      ...what,
      max_attempts: MAX_ATTEMPTS,
    });
    if (recorded.code === "lease_lost") {
      logger.warn("An alert's delivery was settled by somebody else", { delivery_id: id });
    } else if (recorded.state === "dead_lettered") {
      logger.critical("An alert could not be told", { delivery_id: id, error: what.error });
    }
  }

  function logFailure(channel: AlertChannelName, { id, attempts }: AlertDelivery, reason: string) {
    logger.warn("Cannot tell an alert", { channel, delivery_id: id, attempts, reason });
  }
}
