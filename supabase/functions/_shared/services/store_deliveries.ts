import { AppError } from "../errors.ts";
import type { Logger } from "../ports.ts";
import type { Delivery, InboxStore, IngestResult, TurnKey } from "../ports_messaging.ts";

export type StorePorts = {
  inbox: Pick<InboxStore, "ingestWhatsapp">;
  startTurns: (turns: readonly TurnKey[]) => void;
  /** Gives the older service what waits for it. */
  startForwarding: () => void;
  logger: Logger;
  /** Said once for as long as the database answers, so that an operator sees an outage's end. */
  connectivity: { confirmed: boolean };
};

/**
 * Stores verified deliveries in one transaction and starts the turns of their messages behind it.
 * @throws AppError `unavailable`: nothing was stored, or nobody knows; the same deliveries may come again
 */
export async function storeDeliveries(
  { inbox, startTurns, startForwarding, logger, connectivity }: StorePorts,
  deliveries: Delivery[],
): Promise<IngestResult> {
  const result = await ingest({ inbox, logger, connectivity }, deliveries);
  const found = deliveries.reduce(
    (total, { parsed }) => total + (parsed.ok ? parsed.messages.length : 0),
    0,
  );
  const stored = sum(result.stored);
  const unroutable = sum(result.unroutable);
  logger.debug("WhatsApp deliveries stored", {
    deliveries: deliveries.length,
    messages: stored,
    duplicates: found - stored - unroutable,
    statuses: result.statuses_applied,
  });
  if (unroutable > 0) {
    logger.critical("WhatsApp messages that no organization can have", {
      unroutable,
    });
  }
  const unread = deliveries.filter(({ parsed }) => !parsed.ok).length;
  if (unread > 0) {
    logger.critical("Signed WhatsApp deliveries that can't be read were kept", {
      unread,
    });
  }
  // Behind the acknowledgements: a turn begun here would take its time from theirs.
  if (result.turns.length > 0) setTimeout(() => startTurns(result.turns), 0);
  if (result.forwards > 0) setTimeout(startForwarding, 0);
  return result;
}

async function ingest(
  { inbox, logger, connectivity }: Omit<StorePorts, "startTurns" | "startForwarding">,
  deliveries: Delivery[],
): Promise<IngestResult> {
  try {
    const result = await inbox.ingestWhatsapp(deliveries);
    if (!connectivity.confirmed) logger.info("Database connectivity confirmed");
    connectivity.confirmed = true;
    return result;
  } catch (error) {
    const isAway = error instanceof AppError && error.code === "unavailable";
    if (isAway) {
      connectivity.confirmed = false;
      logger.error("Error checking idempotency", {
        deliveries: deliveries.length,
        error,
      });
    } else {
      logger.critical("Failed to mark event as processed", {
        deliveries: deliveries.length,
        error,
      });
    }
    // Whatever it was, the delivery isn't stored: it has to come again.
    throw isAway ? error : new AppError(
      "unavailable",
      "Cannot store the delivery: it may be sent again",
      {
        cause: error,
        retryAfterSeconds: 30,
      },
    );
  }
}

/** Whether the deliveries of a failed batch may be stored one by one: not while the database is away. */
export function isWorthSplitting(error: unknown): boolean {
  if (!(error instanceof AppError) || error.code !== "unavailable") return true;
  const { cause } = error;
  if (cause instanceof AppError) return true;
  // It lost against another transaction, or took too long together.
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : "";
  return /^(?:40...|57014)$/.test(String(code));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
