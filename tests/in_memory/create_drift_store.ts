import type { AgentSyncStore } from "../../supabase/functions/_shared/ports.ts";
import type {
  DriftCheckRow,
  DriftStore,
} from "../../supabase/functions/_shared/ports_voice_agents.ts";
import { holdsLease, type Memory, takeLease } from "./create_memory.ts";

export type MemoryDriftRecord = Parameters<DriftStore["recordDriftCheck"]>[0];

/** What is due is claimed once; the policy decides what a record asks for. */
export function createDriftStore(
  memory: Memory,
  agents: AgentSyncStore,
): DriftStore & { policy: "repair" | "report"; records: MemoryDriftRecord[] } {
  const checked = new Set<string>();
  const lease = (orgId: string, role: string) => `agent_sync/${orgId}/${role}`;
  const store = {
    policy: "report" as "repair" | "report",
    records: [] as MemoryDriftRecord[],
    async claimDriftChecks({ limit, lease_seconds }: { limit: number; lease_seconds: number }) {
      const due = [...memory.agents.values()].filter((agent) =>
        agent.sync_status === "synced" && agent.vapi_assistant_id !== null &&
        !checked.has(agent.id)
      ).slice(0, limit);
      const claimed: DriftCheckRow[] = [];
      for (const { id, org_id, role } of due) {
        checked.add(id);
        const fencing_token = takeLease(memory, lease(org_id, role), lease_seconds);
        const state = await agents.readAgentSync({ org_id, role });
        if (fencing_token === null || state.code !== "read") continue;
        const { code: _, ...found } = state;
        claimed.push({
          ...found,
          agent: found.agent as DriftCheckRow["agent"],
          org_id,
          role,
          fencing_token,
        });
      }
      return claimed;
    },
    recordDriftCheck(input: MemoryDriftRecord) {
      const name = lease(input.org_id, input.role);
      if (!holdsLease(memory, name, input.fencing_token)) {
        return Promise.resolve({ code: "lease_lost" as const });
      }
      memory.leases.delete(name);
      store.records.push(input);
      const agent = [...memory.agents.values()].find((row) =>
        row.org_id === input.org_id && row.role === input.role
      );
      const isDrift = input.outcome === "drifted" || input.outcome === "missing";
      if (agent !== undefined && isDrift && store.policy === "repair") {
        Object.assign(agent, { applied_hash: null, sync_status: "queued" });
      }
      return Promise.resolve({
        code: "recorded" as const,
        policy: store.policy,
        sync_queued: agent?.sync_status === "queued",
      });
    },
  };
  return store;
}
