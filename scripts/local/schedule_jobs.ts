import { JOB_KINDS, type JobKind } from "../../supabase/functions/_shared/ports.ts";

/**
 * Seconds between two runs of a job kind. In production pg_cron has its own schedule; locally
 * nobody wants to wait for a nightly job, so every kind without an entry runs each minute.
 */
const SECONDS: Partial<Record<JobKind, number>> = {
  sync_agent: 15,
  sync_knowledge: 15,
  prepare_knowledge: 5,
  embed_knowledge: 5,
};
const DEFAULT_SECONDS = 60;

/** Stands in for pg_cron and pg_net: posts each job kind to the worker, with the secret key. */
export function scheduleJobs(
  { url, secretKey, notice }: { url: string; secretKey: string; notice(line: string): void },
): { stop(): void } {
  const failures = new Map<JobKind, number>();
  const timers = JOB_KINDS.map((kind) =>
    setInterval(async () => {
      const reason = await runJob(kind, { url, secretKey });
      const count = reason === undefined ? 0 : (failures.get(kind) ?? 0) + 1;
      failures.set(kind, count);
      // One line per outage, and none for a worker that is just being restarted.
      if (count === 2) notice(`worker refused job "${kind}": ${reason}`);
    }, (SECONDS[kind] ?? DEFAULT_SECONDS) * 1_000)
  );
  return { stop: () => timers.forEach((timer) => clearInterval(timer)) };
}

async function runJob(
  kind: JobKind,
  { url, secretKey }: { url: string; secretKey: string },
): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/functions/v1/worker/run`, {
      method: "POST",
      headers: { apikey: secretKey, "content-type": "application/json" },
      body: JSON.stringify({ kind }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    return response.ok ? undefined : `${response.status} ${text.slice(0, 200)}`;
  } catch (error) {
    return (error as Error).message;
  }
}
