import type { Logger } from "../../ports.ts";
import type { OutboxStore } from "../../ports_messaging.ts";
import type { Job } from "./job.ts";

const LIMIT = 2_000;
/** A backlog larger than this waits for the next run, so that a job stays inside its lease. */
const ROUNDS = 30;

/** Ends sessions that nobody continued and deletes what is older than its retention, a page at a time. */
export const expireMessages: Job<
  { messaging: { outbox: OutboxStore }; logger: Logger }
> = async (
  { messaging: { outbox }, logger },
) => {
  const total: { [what: string]: number } = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    const counts = Object.entries(
      await outbox.expireMessages({ limit: LIMIT }),
    );
    for (const [what, count] of counts) {
      total[what] = (total[what] ?? 0) + count;
    }
    if (counts.every(([, count]) => count < LIMIT)) break;
  }
  logger.info("Messages expired", total);
};
