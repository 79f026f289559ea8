import type { FieldError } from "../errors.ts";
import type { Logger, ReadinessSnapshot, ReadinessStore } from "../ports.ts";

/** What a function needs, beside an isolate that lives, to serve. */
export type Readiness = ReadinessStore & {
  /** Throws AppError `unauthenticated`. Only who passes is told more than yes or no. */
  requireSecretKey: (request: Request) => void;
  /** Of the environment; the same for as long as the isolate lives. */
  unusable: readonly FieldError[];
  /** Of the newest migration that this release needs. */
  schemaVersion: string;
  /** The clock calls it: it isn't ready while the clock stands. */
  isScheduled?: boolean;
};

export type ReadinessCheck = {
  name: "secrets" | "database" | "schema" | "cron" | "vault" | "heartbeats";
  state: "passed" | "failed" | "not_applicable";
  /** What is so, or what is missing: names, never a value. */
  detail: string;
};

/** Jobs run every minute; five missed ones are more than a slow start. */
const MAX_HEARTBEAT_AGE_SECONDS = 300;
const LIMIT_MILLISECONDS = 3_000;
const CACHE_MILLISECONDS = 5_000;
const VAULT_NAMES = ["project_url", "worker_secret_key"] as const;

const judge = (
  name: ReadinessCheck["name"],
  passed: boolean,
  { yes, no }: { yes: string; no: string },
): ReadinessCheck => ({
  name,
  state: passed ? "passed" : "failed",
  detail: passed ? yes : no,
});

/** Every check of one function. `snapshot` null: the database didn't answer. */
export function judgeReadiness(
  { unusable, schemaVersion, isScheduled = false }: Pick<
    Readiness,
    "unusable" | "schemaVersion" | "isScheduled"
  >,
  snapshot: ReadinessSnapshot | null,
): ReadinessCheck[] {
  const checks = [judge("secrets", unusable.length === 0, {
    yes: "every variable that it needs is set",
    no: unusable.map(({ field, detail }) => `${field} ${detail}`).join("; "),
  })];
  checks.push(judge("database", snapshot !== null, {
    yes: "it answers",
    no: "it doesn't answer",
  }));
  if (snapshot === null) return checks;
  const { schema_version } = snapshot;
  checks.push(judge("schema", schema_version !== null && schema_version >= schemaVersion, {
    yes: `migration ${schema_version} is applied`,
    no: `migration ${schemaVersion} is needed, ${schema_version ?? "none"} is the last one applied`,
  }));
  return isScheduled ? [...checks, ...judgeClock(snapshot)] : checks;
}

/** Where there is no pg_cron something else calls the worker, and there is nothing to look at. */
function judgeClock(
  { cron_lines, vault_names, seconds_since_heartbeat }: ReadinessSnapshot,
): ReadinessCheck[] {
  if (cron_lines === null) {
    const detail = "the database has no pg_cron";
    return (["cron", "vault", "heartbeats"] as const)
      .map((name) => ({ name, state: "not_applicable", detail }));
  }
  const missing = VAULT_NAMES.filter((name) => vault_names?.includes(name) !== true);
  const age = seconds_since_heartbeat;
  return [
    judge("cron", cron_lines > 0, {
      yes: `${cron_lines} kinds of jobs are scheduled`,
      no: "no job is scheduled",
    }),
    judge("vault", missing.length === 0, {
      yes: "it has the names that the clock looks for",
      no: `it lacks ${missing.join(" and ")}`,
    }),
    judge("heartbeats", age !== null && age <= MAX_HEARTBEAT_AGE_SECONDS, {
      yes: `the last one was ${age} seconds ago`,
      no: age === null ? "there was none yet" : `the last one was ${age} seconds ago`,
    }),
  ];
}

/**
 * Answers what holds now to who shows a secret key. Whoever doesn't is told what was found in the last five
 * seconds, so that nobody can load the database by asking; `checks` null.
 */
export function createReadinessProbe(
  readiness: Readiness,
  { clock, limitMilliseconds = LIMIT_MILLISECONDS }: {
    clock: () => number;
    limitMilliseconds?: number;
  },
): (request: Request, logger: Logger) => Promise<{
  ready: boolean;
  checks: ReadinessCheck[] | null;
}> {
  let kept: { checks: Promise<ReadinessCheck[]>; at: number } | null = null;

  async function check(logger: Logger): Promise<ReadinessCheck[]> {
    let snapshot: ReadinessSnapshot | null = null;
    try {
      snapshot = await readiness.readReadiness({ signal: AbortSignal.timeout(limitMilliseconds) });
    } catch (error) {
      logger.error("Readiness check failed", { error });
    }
    return judgeReadiness(readiness, snapshot);
  }

  return async (request, logger) => {
    const mayKnow = showsKey(readiness, request);
    if (mayKnow || kept === null || clock() - kept.at >= CACHE_MILLISECONDS) {
      kept = { checks: check(logger), at: clock() };
    }
    const checks = await kept.checks;
    const ready = checks.every(({ state }) => state !== "failed");
    return { ready, checks: mayKnow ? checks : null };
  };
}

function showsKey({ requireSecretKey }: Readiness, request: Request): boolean {
  try {
    requireSecretKey(request);
    return true;
  } catch {
    return false;
  }
}
