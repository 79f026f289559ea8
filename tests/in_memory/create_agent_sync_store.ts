import type { AgentSyncStore } from "../../supabase/functions/_shared/ports.ts";
import { holdsLease, integrationKey, type Memory, takeLease } from "./create_memory.ts";
/** Leases per role, create intents and the queue of failed syncs as the database has them. */
export function createAgentSyncStore(memory: Memory): AgentSyncStore {
  const lease = (orgId: string, role: string) => `agent_sync/${orgId}/${role}`;
  const find = (orgId: string, role: string) =>
    [...memory.agents.values()].find((row) => row.org_id === orgId && row.role === role);
  const read = (orgId: string, role: string) => {
    const agent = find(orgId, role);
    if (agent === undefined) return { code: "not_found" as const };
    const row = memory.integrations.get(integrationKey(orgId, "vapi"));
    if (!row?.connected || row.ciphertext === null || row.key_id === null) {
      return { code: "not_connected" as const, agent: structuredClone(agent) };
    }
    return {
      code: "read" as const,
      agent: structuredClone(agent),
      vapi: {
        fingerprint: row.fingerprint ?? "",
        ciphertext: row.ciphertext,
        key_id: row.key_id,
        public_config: structuredClone(row.public_config),
      },
      settings: {
        org_id: orgId,
        transfer_number: null,
        webhook_secret_version: 1,
        enabled_tools: [],
      },
      voice_defaults: null,
    };
  };

  return {
    claimAgentSync({ org_id, role, lease_seconds }) {
      const state = read(org_id, role);
      if (state.code !== "read") return Promise.resolve(state);
      const fencing_token = takeLease(
        memory,
        lease(org_id, role),
        lease_seconds,
      );
      if (fencing_token === null) {
        const agent = find(org_id, role);
        if (agent !== undefined) agent.sync_status = "queued";
        return Promise.resolve({
          code: "held",
          retry_after_seconds: lease_seconds,
        });
      }
      return Promise.resolve({ ...state, code: "claimed", fencing_token });
    },

    readAgentSync: ({ org_id, role }) => Promise.resolve(read(org_id, role)),
    recordCreateIntent({ org_id, role, fencing_token }) {
      const agent = find(org_id, role);
      if (
        agent === undefined ||
        !holdsLease(memory, lease(org_id, role), fencing_token)
      ) {
        return Promise.resolve({ code: "lease_lost" });
      }
      const intended_at = new Date(memory.clock()).toISOString();
      const previous_intent_at = agent.create_intended_at;
      agent.create_intended_at ??= intended_at;
      return Promise.resolve({
        code: "recorded",
        previous_intent_at,
        intended_at,
      });
    },

    recordAgentSync(input) {
      const { org_id, role, outcome } = input;
      const agent = find(org_id, role);
      if (
        agent === undefined ||
        !holdsLease(memory, lease(org_id, role), input.fencing_token)
      ) {
        return Promise.resolve({ code: "lease_lost" });
      }
      memory.events.push({
        org_id,
        operation: "agent_sync",
        outcome,
        details: { role, actions: input.actions },
      });
      let state_changed = false;
      agent.vapi_assistant_id = input.vapi_assistant_id ??
        agent.vapi_assistant_id;
      if (outcome === "failed") {
        agent.sync_status = "failed";
        agent.sync_error = input.error;
        agent.consecutive_failures += 1;
        state_changed = agent.consecutive_failures >= 5 && agent.state === "active";
        if (state_changed) agent.state = "error";
        if (state_changed || (agent.state === "draft" && agent.consecutive_failures === 5)) {
          memory.alerts.set(`agent_in_error/${role}`, "critical");
        }
      } else {
        if (agent.state === "draft") memory.alerts.delete(`agent_in_error/${role}`);
        if (outcome === "synced" || agent.applied_hash === null) agent.drift_status = "in_step";
        Object.assign(agent, {
          sync_status: "synced",
          sync_error: null,
          consecutive_failures: 0,
          last_synced_at: new Date(memory.clock()).toISOString(),
          applied: input.applied,
          applied_hash: input.applied_hash,
          applied_key_fingerprint: input.applied_key_fingerprint,
          applied_revision: input.revision,
          create_intended_at: null,
        });
      }
      const again = outcome !== "failed" && agent.revision > input.revision;
      if (!again) memory.leases.delete(lease(org_id, role));
      return Promise.resolve({ code: "recorded", again, state_changed });
    },

    readSyncStatus({ org_id }) {
      const agents = [...memory.agents.values()].filter((row) => row.org_id === org_id);
      const queued_jobs =
        memory.jobs.filter((job) =>
          job.org_id === org_id && job.kind === "sync_agent" &&
          job.state === "queued"
        ).length;
      return Promise.resolve({ agents: structuredClone(agents), queued_jobs });
    },
  };
}
