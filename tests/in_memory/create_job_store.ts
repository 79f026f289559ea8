import type { JobStore } from "../../supabase/functions/_shared/ports.ts";
import { findPendingStep, type Memory } from "./create_memory.ts";

const MAX_ATTEMPTS = 5;

/** Claims round-robin over organizations with leases, fencing and a backoff, as the database. */
export function createJobStore(memory: Memory): JobStore {
  const isLive = (kind: string, orgId: string | null, name: string) =>
    memory.jobs.some((job) =>
      job.kind === kind && job.org_id === orgId &&
      JSON.stringify(job.payload) === name &&
      (job.state === "queued" || job.state === "claimed")
    );

  return {
    queueDueJobs({ kind }) {
      const due = kind === "expire_rows"
        ? [{ org_id: null, payload: {} }]
        : kind === "sync_agent"
        ? [...memory.agents.values()].filter((agent) => agent.sync_status !== "synced")
          .map(({ org_id, role }) => ({ org_id, payload: { role } }))
        : kind === "push_workspace"
        ? [...memory.organizations.keys()].filter((orgId) =>
          [...memory.integrations.values()].some((row) =>
            row.org_id === orgId && findPendingStep(memory, row) !== null
          )
        ).map((org_id) => ({ org_id, payload: {} }))
        : [...memory.integrations.values()].filter((row) =>
          row.connected &&
          Date.parse(row.last_checked_at ?? "") <
            memory.clock() - 24 * 3_600_000
        ).map(({ org_id, provider }) => ({ org_id, payload: { provider } }));
      const missing = due.filter(({ org_id, payload }) =>
        !isLive(kind, org_id, JSON.stringify(payload))
      );
      for (const { org_id, payload } of missing) {
        memory.jobs.push({
          id: crypto.randomUUID(),
          kind,
          org_id,
          payload,
          attempts: 0,
          fencing_token: 0,
          state: "queued",
          due_at: memory.clock(),
          lease_until: 0,
          error: null,
        });
      }
      return Promise.resolve({ count: missing.length });
    },

    claimJobs({ kind, limit, lease_seconds }) {
      const now = memory.clock();
      const claimed = memory.jobs.filter((job) =>
        job.kind === kind && (
          job.state === "queued" && job.due_at <= now ||
          job.state === "claimed" && job.lease_until <= now
        )
      ).slice(0, limit);
      for (const job of claimed) {
        job.state = "claimed";
        job.attempts += 1;
        job.fencing_token = memory.nextToken++;
        job.lease_until = now + lease_seconds * 1000;
      }
      return Promise.resolve(structuredClone(claimed));
    },

    completeJob({ id, fencing_token, outcome, error, retry_after_seconds }) {
      const job = memory.jobs.find((row) => row.id === id);
      if (
        job === undefined || job.state !== "claimed" ||
        job.fencing_token !== fencing_token
      ) {
        return Promise.resolve({ code: "lease_lost" });
      }
      job.error = error;
      if (outcome === "completed") job.state = "completed";
      else if (job.attempts >= MAX_ATTEMPTS) job.state = "dead_lettered";
      else {
        job.state = "queued";
        job.due_at = memory.clock() +
          (retry_after_seconds ?? 30 * 2 ** job.attempts) * 1000;
      }
      return Promise.resolve({ code: "recorded", state: job.state });
    },

    recordHeartbeat({ kind, phase }) {
      memory.heartbeats.push({ kind, phase });
      return Promise.resolve();
    },

    expireRows() {
      const settled = [...memory.idempotency].filter(([, row]) => !row.claimed);
      for (const [key] of settled) memory.idempotency.delete(key);
      return Promise.resolve({ idempotency_keys: settled.length, rate_limits: 0, leases: 0 });
    },

    expireHistory: () => Promise.resolve({ audit_log: 0 }),
  };
}
