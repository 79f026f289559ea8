import type { Clock, ControlState, HealthSnapshot, HealthStore, Logger } from "../ports.ts";

export type ServiceState = "healthy" | "degraded" | "down" | "unknown";
export type HealthReport = {
  status: "healthy" | "degraded" | "down";
  service: string;
  version: string;
  timestamp: string;
  /** seconds since this isolate started */
  uptime: number;
  database_size_mb: number | null;
  services: { database: ServiceState; supabase: ServiceState; backgroundJobs: ServiceState };
  flags_valid: boolean | null;
  background_jobs: HealthSnapshot["background_jobs"] | null;
  /** The services that people are served in; where the function has any. */
  domains?: readonly string[];
} & Partial<ControlState>;
export type LiveReport = Pick<HealthReport, "service" | "version" | "timestamp" | "uptime"> & {
  status: "healthy";
};
export type CheckHealth = (logger: Logger) => Promise<HealthReport>;

const CACHE_MILLISECONDS = 5_000;
const LIMIT_MILLISECONDS = 400;

/** Jobs run every minute; five missed ones are more than a slow start. */
const MAX_HEARTBEAT_AGE_SECONDS = 300;

type Identity = {
  service: string;
  version: string;
  startedAt: number;
  clock: Clock;
  domains?: readonly string[];
};

/** That this process answers, and nothing else. */
export function reportLive({ service, version, startedAt, clock }: Identity): LiveReport {
  const now = clock();
  return {
    status: "healthy",
    service,
    version,
    timestamp: new Date(now).toISOString(),
    uptime: Math.max(0, Math.floor((now - startedAt) / 1_000)),
  };
}

/** What a snapshot of the database says; null where the database didn't answer. */
export function reportHealth(identity: Identity, snapshot: HealthSnapshot | null): HealthReport {
  const { domains } = identity;
  const live = { ...reportLive(identity), ...(domains === undefined ? {} : { domains }) };
  if (snapshot === null) {
    return {
      ...live,
      status: "down",
      database_size_mb: null,
      services: { database: "down", supabase: "down", backgroundJobs: "unknown" },
      flags_valid: null,
      background_jobs: null,
    };
  }
  const age = snapshot.background_jobs.seconds_since_heartbeat;
  const beating = age !== null && age <= MAX_HEARTBEAT_AGE_SECONDS;
  return {
    ...live,
    status: beating && snapshot.flags_valid ? "healthy" : "degraded",
    database_size_mb: snapshot.database_size_mb,
    services: {
      database: "healthy",
      supabase: "healthy",
      backgroundJobs: beating ? "healthy" : "degraded",
    },
    flags_valid: snapshot.flags_valid,
    background_jobs: snapshot.background_jobs,
    ...snapshot.control,
  };
}

/**
 * Health from one cheap query, kept for 5 s (a failure too, so that probes can't hurt a struggling
 * database), given up after 400 ms, shared by those who ask at once.
 */
export function createHealthCheck(
  identity: Identity,
  store: HealthStore,
  { limitMilliseconds = LIMIT_MILLISECONDS }: { limitMilliseconds?: number } = {},
): CheckHealth {
  let cached: { snapshot: HealthSnapshot | null; at: number } | null = null;
  let pending: Promise<HealthSnapshot | null> | null = null;
  // Said when the database answers the first probe, and the first one after an outage.
  let verified = false;

  async function read(logger: Logger): Promise<HealthSnapshot | null> {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`no answer within ${limitMilliseconds} ms`);
        controller.abort(error);
        reject(error);
      }, limitMilliseconds);
    });
    try {
      const snapshot = await Promise.race([store.readHealth({ signal: controller.signal }), limit]);
      if (!verified) logger.info("Health check endpoint verified");
      verified = true;
      return snapshot;
    } catch (error) {
      verified = false;
      logger.error("Health check failed", { error });
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  return async (logger) => {
    if (cached === null || identity.clock() - cached.at >= CACHE_MILLISECONDS) {
      pending ??= read(logger).finally(() => pending = null);
      cached = { snapshot: await pending, at: identity.clock() };
    }
    return reportHealth(identity, cached.snapshot);
  };
}
