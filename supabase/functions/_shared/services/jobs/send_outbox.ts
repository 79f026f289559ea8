import type { Clock, Logger } from "../../ports.ts";
import { SEND_LEASE_SECONDS, sendClaimed, type SendPorts } from "../send_claimed.ts";
import { settleRefusals } from "../settle_refusals.ts";
import type { Job } from "./job.ts";

/** Contacts in a claim: about as many as are sent to at once, so that little waits while claimed. */
const LIMIT = 20;
const BUDGET_MILLISECONDS = 45_000;

/** Decides what was refused after it was sent, and sends what waits in the outbox until nothing is due. */
export const sendOutbox: Job<
  { messaging: SendPorts; clock: Clock; logger: Logger }
> = async (
  { messaging, clock, logger },
) => {
  const ports = { ...messaging, logger };
  const began = clock();
  let total = 0;
  await settleRefusals(ports);
  while (clock() - began < BUDGET_MILLISECONDS) {
    const { sends, senders } = await ports.outbox.claimOutbound({
      limit: LIMIT,
      lease_seconds: SEND_LEASE_SECONDS,
    });
    if (sends.length === 0) break;
    total += (await sendClaimed(ports, { sends, senders })).sent;
  }
  logger.info("Outbox sent", { sent: total });
};
