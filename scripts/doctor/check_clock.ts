import * as z from "zod";
import { fail, type Finding, pass, skip } from "./finding.ts";
import { NO_SECRET_KEY, type Project } from "./project.ts";

const readinessSchema = z.object({
  cron_lines: z.number().nullable(),
  vault_names: z.array(z.string()).nullable(),
  seconds_since_heartbeat: z.number().nullable(),
});
export type Clock = z.infer<typeof readinessSchema>;

/** Jobs run every minute; five missed ones are more than a slow start. */
const MAX_HEARTBEAT_AGE_SECONDS = 300;
const VAULT_CURES: { [name: string]: string } = {
  project_url: "select vault.create_secret('https://<ref>.supabase.co', 'project_url')",
  worker_secret_key: "select vault.create_secret('<sb_secret_…>', 'worker_secret_key')",
};

/** What calls the worker: cron's lines, what they look for in the vault, and that jobs are done. */
export function judgeClock(
  { cron_lines, vault_names, seconds_since_heartbeat: age }: Clock,
): Finding[] {
  if (cron_lines === null) {
    const cure = "the project's Integrations > Cron: enable pg_cron, pg_net and Vault, then " +
      "select private.schedule_worker(…) as in *schedule_worker.sql";
    return [fail("cron", "the database has no pg_cron: nobody calls the worker", cure)];
  }
  const missing = Object.keys(VAULT_CURES).filter((name) => vault_names?.includes(name) !== true);
  return [
    cron_lines > 0 ? pass("cron", `${cron_lines} kinds of jobs are scheduled`) : fail(
      "cron",
      "no kind of job is scheduled",
      "select private.schedule_worker('<kind>', '* * * * *') for each, as the migrations do",
    ),
    ...missing.map((name) =>
      fail("vault", `the vault has no "${name}"`, `${VAULT_CURES[name]} in the SQL editor`)
    ),
    ...(missing.length === 0 ? [pass("vault", "it has the names that the clock looks for")] : []),
    age !== null && age <= MAX_HEARTBEAT_AGE_SECONDS
      ? pass("heartbeats", `the worker's last one was ${age} seconds ago`)
      : fail(
        "heartbeats",
        age === null ? "the worker was never called" : `the last was ${age} seconds ago`,
        "select * from net._http_response order by created desc limit 20: what the worker answered",
      ),
  ];
}

export async function checkClock({ ops }: Project): Promise<Finding[]> {
  if (ops === null) {
    return [skip("cron", "nobody can be asked without a secret key", NO_SECRET_KEY)];
  }
  const parsed = readinessSchema.safeParse(await ops.callRpc("read_readiness", {}));
  if (parsed.success) return judgeClock(parsed.data);
  return [fail("cron", "the database's answer isn't understood", "apply the migrations")];
}
