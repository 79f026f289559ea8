import type { Clock, Logger } from "../../ports.ts";
import { mapConcurrently } from "../map_concurrently.ts";
import {
  finishTurn,
  MAX_TURN_ATTEMPTS,
  runTurn,
  turnLeaseSeconds,
  type TurnPorts,
} from "../run_turn.ts";
import type { Job } from "./job.ts";

const LIMIT = 10;
/** Shorter than the job's own lease. */
const BUDGET_MILLISECONDS = 60_000;

/** Finishes turns that nobody began, or whose function died, until none is due. */
export const finishTurns: Job<
  { messaging: TurnPorts; clock: Clock; logger: Logger }
> = async (
  { messaging, clock, logger },
) => {
  if (!messaging.agentsEnabled) return;
  const ports = { ...messaging, logger };
  const began = clock();
  let finished = 0;
  while (clock() - began < BUDGET_MILLISECONDS) {
    const { turns, flags, senders } = await ports.turns.claimDueTurns({
      limit: LIMIT,
      lease_seconds: turnLeaseSeconds(ports.timeoutSeconds),
      max_attempts: MAX_TURN_ATTEMPTS,
    });
    if (turns.length === 0) break;
    await mapConcurrently(turns, LIMIT, async (turn) => {
      const sender = senders[turn.org_id];
      if (sender === undefined) return;
      const { again } = await finishTurn(ports, { turn, flags, sender });
      finished += 1;
      if (again) await runTurn(ports, turn);
    });
  }
  logger.info("Turns finished", { finished });
};
