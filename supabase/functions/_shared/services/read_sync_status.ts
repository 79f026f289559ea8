import { isAtLeast } from "../domain/roles.ts";
import type { AgentRow, AgentSyncStore, MemberRole } from "../ports.ts";
import type { DriftDifference } from "../ports_voice_agents.ts";
import { type AgentStatus, describeAgent } from "./read_workspace_status.ts";

export type DriftStatus = {
  status: "in_step" | "drifted" | "missing";
  checkedAt: string | null;
  /** Since when it stands. */
  since: string | null;
  /** What Vapi has otherwise; a viewer sees the fields' names alone. */
  differences: (Pick<DriftDifference, "field"> & Partial<DriftDifference>)[];
};
export type SyncStatusAnswer = {
  orgId: string;
  /** `drift` is null where nobody has looked yet. */
  agents: (AgentStatus & { drift: DriftStatus | null })[];
  queuedJobs: number;
};

/** Each agent's sync state and what was changed at Vapi, and how many syncs wait for the worker. */
export async function readSyncStatus(
  ports: { agents: Pick<AgentSyncStore, "readSyncStatus"> },
  { orgId, role }: { orgId: string; role: MemberRole },
): Promise<SyncStatusAnswer> {
  const { agents, queued_jobs } = await ports.agents.readSyncStatus({
    org_id: orgId,
  });
  return {
    orgId,
    agents: agents.map((agent) => ({
      ...describeAgent(agent),
      drift: describeDrift(agent, isAtLeast(role, "member")),
    })),
    queuedJobs: queued_jobs,
  };
}

function describeDrift(agent: AgentRow, withValues: boolean): DriftStatus | null {
  const { drift_status: status, drift_checked_at, drifted_at, drift_differences } = agent;
  if (status === undefined || status === null) return null;
  return {
    status,
    checkedAt: drift_checked_at ?? null,
    since: drifted_at ?? null,
    differences: (drift_differences ?? []).map(({ field, applied, actual }) =>
      withValues ? { field, applied, actual } : { field }
    ),
  };
}
