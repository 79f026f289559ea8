import type { DriftCheckRow } from "../../ports_voice_agents.ts";
import { checkDrift, type DriftOutcome, type DriftPorts } from "../check_drift.ts";
import { mapConcurrently } from "../map_concurrently.ts";
import type { Job } from "./job.ts";

/** Small, since a save of an agent that waits for its turn in a page waits as well. */
const PAGE = 8;
/** Vapi accounts asked side by side. */
const AT_ONCE = 4;
/** Between two questions to one account, as Vapi's own client spaces its calls. */
const SPACING_MILLISECONDS = 700;
/** As short as a sync's: an agent whose checker died waits for its end. */
const LEASE_SECONDS = 30;
/** What isn't begun by then is left for its next turn: a question takes up to ten seconds, and its record. */
const LAST_BEGIN_MILLISECONDS = 15_000;
/** Nothing new is claimed after this, so that the last checks end inside the job's own lease. */
const BUDGET_MILLISECONDS = 40_000;

type Pause = (milliseconds: number) => Promise<void>;

/**
 * Looks whether the assistants at Vapi still are what was applied, a page of those due at a time.
 * An account that asks to be left alone is asked no more in this page.
 */
export async function checkDueDrift(
  ports: DriftPorts,
  { requestId, pause = wait }: { requestId: string; pause?: Pause },
): Promise<Record<DriftOutcome, number>> {
  const startedAt = ports.clock();
  const counts = { in_step: 0, drifted: 0, missing: 0, failed: 0 };
  while (ports.clock() - startedAt < BUDGET_MILLISECONDS) {
    const page = await ports.drift.claimDriftChecks({
      limit: PAGE,
      lease_seconds: LEASE_SECONDS,
      worker_id: requestId,
    });
    if (page.length === 0) break;
    const until = ports.clock() + LAST_BEGIN_MILLISECONDS;
    const accounts = [...Map.groupBy(page, ({ vapi }) => vapi.fingerprint).values()];
    await mapConcurrently(accounts, AT_ONCE, async (checks) => {
      const ends = await checkAccount(ports, checks, { requestId, pause, until });
      for (const end of ends) counts[end]++;
    });
  }
  ports.logger.info("Drift checked", counts);
  return counts;
}

/** One question after the other, since an account has one rate limit. */
async function checkAccount(
  ports: DriftPorts,
  checks: DriftCheckRow[],
  { requestId, pause, until }: { requestId: string; pause: Pause; until: number },
): Promise<DriftOutcome[]> {
  const ends: DriftOutcome[] = [];
  let rateLimited = false;
  for (const [index, check] of checks.entries()) {
    if (rateLimited || ports.clock() > until) {
      ends.push(await leaveForLater(ports, check, requestId));
      continue;
    }
    if (index > 0) await pause(SPACING_MILLISECONDS);
    const end = await checkDrift(ports, check, { requestId });
    rateLimited = end.rateLimited ?? false;
    ends.push(end.outcome);
  }
  return ends;
}

/** Gives the agent's lease back, so that saves go on; the check itself is due when it would be anyway. */
async function leaveForLater(
  ports: DriftPorts,
  { org_id, role, fencing_token }: DriftCheckRow,
  requestId: string,
): Promise<DriftOutcome> {
  await ports.drift.recordDriftCheck({
    org_id,
    role,
    request_id: requestId,
    fencing_token,
    outcome: "failed",
    differences: [],
    repaired: false,
    error: "Vapi is too slow, or asks this account to slow down",
    duration_ms: 0,
    provider_calls: [],
  });
  return "failed";
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export const checkDriftJob: Job<DriftPorts> = async (ports, _job, { requestId }) => {
  await checkDueDrift(ports, { requestId });
};
