import type { Clock, Logger } from "../../ports.ts";
import { RECORDING_ATTEMPTS, uploadRecording } from "../upload_recording.ts";
import type { CallJobPorts, Job } from "./job.ts";

/** Side by side; each streams, so that memory doesn't grow with their length. */
const AT_ONCE = 3;
const LEASE_SECONDS = 150;
/** Nothing new is claimed after this, so that the last uploads end inside the job's own lease. */
const BUDGET_MILLISECONDS = 40_000;

type Ports = { calls: CallJobPorts; clock: Clock; logger: Logger };

/** Copies recordings into Storage while there are any due and time is left. */
export const uploadRecordings: Job<Ports> = async ({ calls, clock, logger }) => {
  const startedAt = clock();
  const counts = { uploaded: 0, failed: 0, refused: 0, lease_lost: 0 };
  while (clock() - startedAt < BUDGET_MILLISECONDS) {
    const claimed = await calls.recordings.claimRecordings({
      limit: AT_ONCE,
      lease_seconds: LEASE_SECONDS,
      max_attempts: RECORDING_ATTEMPTS,
    });
    if (claimed.length === 0) break;
    const ends = await Promise.all(
      claimed.map((recording) => uploadRecording({ ...calls, logger }, recording)),
    );
    for (const end of ends) counts[end]++;
  }
  logger.info("Recordings uploaded", counts);
};
