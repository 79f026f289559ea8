import type { JobStore, Logger } from "../../ports.ts";
import type { Job } from "./job.ts";

const LIMIT = 1000;
/** A backlog larger than this waits for the next run, so that a job stays inside its lease. */
const ROUNDS = 50;

/**
 * Deletes what nobody needs any more, a page at a time: idempotency keys, rate limits and leases, and
 * history that is older than its retention.
 */
export const expireRows: Job<{ jobs: JobStore; logger: Logger }> = async (
  { jobs, logger },
) => {
  let deleted = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const pages = [
      await jobs.expireRows({ limit: LIMIT }),
      await jobs.expireHistory({ limit: LIMIT }),
    ];
    const counts = pages.flatMap((page) => Object.values(page))
      .filter((count) => typeof count === "number");
    deleted += counts.reduce((sum, count) => sum + count, 0);
    if (counts.every((count) => count < LIMIT)) break;
  }
  logger.info("Rows expired", { deleted });
};
