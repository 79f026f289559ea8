import type { Clock, CredentialCipher, Logger } from "../../ports.ts";
import { reconcileCall } from "../reconcile_call.ts";
import type { CallJobPorts, Job } from "./job.ts";

const AT_ONCE = 5;
const LEASE_SECONDS = 150;
/** Nothing new is claimed after this, so that the last questions end inside the job's own lease. */
const BUDGET_MILLISECONDS = 40_000;

type Ports = { calls: CallJobPorts; cipher: CredentialCipher; clock: Clock; logger: Logger };

/** Closes calls whose report is overdue while there are any and time is left. */
export const reconcileCalls: Job<Ports> = async ({ calls, cipher, clock, logger }) => {
  const startedAt = clock();
  const counts = { closed: 0, in_progress: 0, failed: 0 };
  while (clock() - startedAt < BUDGET_MILLISECONDS) {
    const stale = await calls.reconciliation.claimStaleCalls({
      limit: AT_ONCE,
      lease_seconds: LEASE_SECONDS,
    });
    if (stale.length === 0) break;
    const ends = await Promise.all(
      stale.map((call) => reconcileCall({ ...calls, cipher, logger }, call)),
    );
    for (const end of ends) counts[end]++;
  }
  logger.info("Calls reconciled", counts);
};
