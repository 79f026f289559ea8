import type { Clock, Logger } from "../ports.ts";
import type {
  ClaimedSend,
  ConnectSender,
  MessageSender,
  OutboxStore,
  SenderRow,
} from "../ports_messaging.ts";
import { type CallLog, createCallLog } from "./call_log.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import { createReport, holdAll, sendToContact } from "./send_to_contact.ts";
import { SINK } from "./sink.ts";

export type SendPorts = {
  outbox: OutboxStore;
  connectSender: ConnectSender;
  clock: Clock;
  logger: Logger;
};

/** Longer than a whole claim takes to send, so that only a dead sender's messages become unknown. */
export const SEND_LEASE_SECONDS = 90;
export const MAX_SEND_ATTEMPTS = 8;
const CONTACTS_AT_ONCE = 10;
/** After that much time what is claimed is given back; the worker goes on with it. */
const BUDGET_MILLISECONDS = 45_000;
const MISCONFIGURED_SECONDS = 300;

export type SendInput = {
  sends: ClaimedSend[];
  senders: { [orgId: string]: SenderRow };
  /** Made already, as by a turn; by organization. */
  connected?: Map<string, MessageSender>;
  /** Where connected senders count their calls; drained with each record. */
  calls?: CallLog;
};

/**
 * Sends what is claimed, records it in one call, and goes on with whatever that call claimed for the
 * same contacts, until nothing is left. Answers how many messages were accepted.
 */
export async function sendClaimed(
  { outbox, connectSender, clock, logger }: SendPorts,
  { sends, senders, connected = new Map(), calls = createCallLog() }: SendInput,
): Promise<{ sent: number }> {
  const began = clock();
  let claimed = sends;
  let sent = 0;

  while (claimed.length > 0 || calls.size() > 0) {
    const report = createReport();
    const isLate = clock() - began > BUDGET_MILLISECONDS;
    await mapConcurrently(claimed, CONTACTS_AT_ONCE, async (send) => {
      const row = senders[send.org_id];
      const sender = isLate || row === undefined ? null : await connect(row);
      if (sender === null || row === undefined) {
        holdAll(report, send, {
          until: clock() + (isLate ? 0 : MISCONFIGURED_SECONDS * 1000),
          ...(isLate ? {} : { error: "WhatsApp is not connected" }),
        });
      } else await sendToContact(sender, { send, row, clock, report });
    });
    report.provider_calls.push(...calls.drain());
    sent += report.results.filter(({ outcome }) => outcome === "sent").length;
    const answer = await outbox.recordSent({
      ...report,
      lease_seconds: SEND_LEASE_SECONDS,
      max_attempts: MAX_SEND_ATTEMPTS,
    });
    if (answer.lost.length > 0) {
      logger.warn("Sends were settled by somebody else", { lost: answer.lost });
    }
    logReport(logger, report);
    claimed = answer.sends;
  }
  return { sent };

  async function connect(row: SenderRow): Promise<MessageSender | null> {
    // Before anything that could reach a provider, connected already or not.
    if (row.sink === true) return SINK;
    const known = connected.get(row.org_id);
    if (known !== undefined || row.whatsapp === null) return known ?? null;
    try {
      const sender = await connectSender(row, calls.recorderOf(row.org_id));
      connected.set(row.org_id, sender);
      return sender;
    } catch (error) {
      logger.critical("Cannot open the WhatsApp credentials", {
        org_id: row.org_id,
        error,
      });
      return null;
    }
  }
}

function logReport(
  logger: Logger,
  report: ReturnType<typeof createReport>,
): void {
  const counts: { [outcome: string]: number } = {};
  for (const { outcome } of report.results) {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  if (report.results.length > 0) logger.info("Messages sent", counts);
  for (const { org_id, error } of report.failed_integrations) {
    logger.critical("WhatsApp refuses the organization's token or account", {
      org_id,
      error,
    });
  }
}
