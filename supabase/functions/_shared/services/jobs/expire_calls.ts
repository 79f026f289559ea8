import type { Clock, Logger } from "../../ports.ts";
import type { CallJobPorts, Job } from "./job.ts";

const LIMIT = 500;
/** A backlog that takes longer waits for the next run, so that the job stays inside its lease. */
const BUDGET_MILLISECONDS = 40_000;

type Ports = { calls: CallJobPorts; clock: Clock; logger: Logger };

/** Deletes what is older than its retention: recordings in Storage first, then their calls. */
export const expireCalls: Job<Ports> = async ({ calls, clock, logger }) => {
  const startedAt = clock();
  const counts = { deleted: 0, recordings: 0 };
  while (clock() - startedAt < BUDGET_MILLISECONDS) {
    const { deleted, recordings } = await calls.expiry.expireCalls({ limit: LIMIT });
    if (recordings.length > 0) {
      await calls.recordingStorage.remove(recordings);
      await calls.expiry.forgetRecordings({ storage_paths: recordings });
    }
    counts.deleted += deleted;
    counts.recordings += recordings.length;
    if (deleted === 0 && recordings.length === 0) break;
  }
  logger.info("Calls expired", counts);
};
