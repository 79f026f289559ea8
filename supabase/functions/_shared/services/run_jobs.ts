import { ProviderError } from "../errors.ts";
import type { JobKind, JobRow, JsonObject, ProviderCall } from "../ports.ts";
import type { JobPorts } from "./jobs/job.ts";
import { BEFORE_QUEUEING, LIMITS } from "./jobs/limits.ts";
import { JOBS } from "./jobs/registry.ts";

export type RunJobsInput = {
  kind: JobKind;
  workerId: string;
  requestId: string;
  /** No further job is claimed after this many milliseconds. */
  budgetMilliseconds?: number;
  /** Jobs in work at a time. */
  concurrency?: number;
};

/** Longer than any job takes, so that only a dead worker's jobs are claimed a second time. */
const LEASE_SECONDS = 120;

/**
 * Queues what is due, then claims and runs jobs of one kind until none is left or the budget is
 * spent. Safe beside other invocations of itself: a claim is a lease with a fencing token.
 * A job's failure is recorded and never ends the run; a failure of the store does, and is thrown
 * after a last heartbeat.
 */
export async function runJobs(
  ports: JobPorts,
  { kind, workerId, requestId, ...limits }: RunJobsInput,
): Promise<{ completed: number; failed: number }> {
  const { budgetMilliseconds = 100_000, concurrency = 5 } = { ...LIMITS[kind], ...limits };
  const startedAt = ports.clock();
  const counts = { completed: 0, failed: 0 };
  const beat = (phase: "started" | "completed" | "failed", details: JsonObject) =>
    ports.jobs.recordHeartbeat({
      kind,
      worker_id: workerId,
      request_id: requestId,
      phase,
      duration_ms: phase === "started" ? null : ports.clock() - startedAt,
      details,
    });

  await beat("started", {});
  try {
    await BEFORE_QUEUEING[kind]?.(ports);
    const { count: queued } = await ports.jobs.queueDueJobs({ kind });
    // At least one claim, however slow the beginning was: a small budget must not mean standing still.
    do {
      const jobs = await ports.jobs.claimJobs({
        kind,
        limit: concurrency,
        lease_seconds: LEASE_SECONDS,
        worker_id: workerId,
      });
      if (jobs.length === 0) break;
      const results = await Promise.all(jobs.map((job) => runJob(ports, job, requestId)));
      for (const result of results) counts[result] += 1;
    } while (ports.clock() - startedAt < budgetMilliseconds);
    await beat("completed", { queued, ...counts });
    ports.logger.info("Worker run completed", { kind, queued, ...counts });
    return counts;
  } catch (error) {
    ports.logger.error("Worker run failed", { kind, error });
    // What failed is often the store itself: its second failure must not hide the first.
    await beat("failed", { ...counts, error: describe(error) }).catch(() => {});
    throw error;
  }
}

async function runJob(
  ports: JobPorts,
  job: JobRow,
  requestId: string,
): Promise<"completed" | "failed"> {
  const logger = ports.logger.with({ job_id: job.id, kind: job.kind, org_id: job.org_id });
  const calls: ProviderCall[] = [];
  let error: unknown = null;
  try {
    await JOBS[job.kind]({ ...ports, logger }, job, {
      requestId,
      record: (call) => calls.push(call),
    });
  } catch (thrown) {
    error = thrown;
    logger.warn("Job failed", { attempts: job.attempts, error });
  }
  const outcome = error === null ? "completed" : "failed";
  const recorded = await ports.jobs.completeJob({
    id: job.id,
    fencing_token: job.fencing_token,
    outcome,
    error: error === null ? null : describe(error),
    retry_after_seconds: error instanceof ProviderError ? error.retryAfterSeconds ?? null : null,
    provider_calls: calls,
  });
  if (recorded.code === "lease_lost") {
    logger.warn("Job's lease was lost while it ran");
  } else if (recorded.state === "dead_lettered") {
    logger.error("Job dead-lettered");
  }
  return outcome;
}

/** Messages of our errors name no secret; a stack or a cause might. */
function describe(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 500) : "unknown error";
}
