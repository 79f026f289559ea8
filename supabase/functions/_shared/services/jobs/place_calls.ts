import type { Clock, CredentialCipher, Logger } from "../../ports.ts";
import { placeCall } from "../place_call.ts";
import type { CallJobPorts, Job } from "./job.ts";

const AT_ONCE = 5;
/** Longer than a call to Vapi and a look-up after it. */
const LEASE_SECONDS = 150;
/** Nothing new is claimed after this, so that the last calls end inside the job's own lease. */
const BUDGET_MILLISECONDS = 40_000;

type Ports = {
  calls: CallJobPorts;
  /** What is silenced calls nobody. */
  messaging: { agentsEnabled: boolean };
  cipher: CredentialCipher;
  clock: Clock;
  logger: Logger;
};

/** Calls back whom it is time to call, while there are any and time is left. */
export const placeCalls: Job<Ports> = async ({ calls, messaging, cipher, clock, logger }) => {
  if (!messaging.agentsEnabled) return logger.warn("Nobody is called: agents are silenced");
  const { requests, connectCalls } = calls;
  const startedAt = clock();
  const counts: { [state: string]: number } = {};
  while (clock() - startedAt < BUDGET_MILLISECONDS) {
    const claimed = await requests.claimCallRequests({
      limit: AT_ONCE,
      lease_seconds: LEASE_SECONDS,
    });
    if (claimed.length === 0) break;
    const states = await Promise.all(
      claimed.map((request) =>
        placeCall({ requests, connectCalls, cipher, clock, logger }, request)
      ),
    );
    for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  }
  logger.info("Call requests handled", counts);
};
