import type { AgentRole } from "../ports.ts";
import type { SyncAgentResult } from "./describe_sync.ts";

export type AgentAnswer =
  & Pick<SyncAgentResult, "role" | "status" | "vapiAssistantId">
  & {
    /** What was pushed, or with a dry run would be. */
    changed: string[];
    error?: string;
  };
export type SyncedAgents = {
  /** Our agents' ids; their assistants' are in `agents`. */
  agentIds: Partial<Record<AgentRole, string | null>>;
  agents: AgentAnswer[];
};

/** The part of an answer that says how the agents fared. */
export function describeAgents(results: SyncAgentResult[]): SyncedAgents {
  return {
    agentIds: Object.fromEntries(results.map(({ role, agentId }) => [role, agentId])),
    agents: results.map(({ agentId: _, rebind: _rebind, ...agent }) => agent),
  };
}
