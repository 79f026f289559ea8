import { AGENT_ROLES, type AgentRole } from "../ports.ts";
import type { SyncAgentResult } from "./describe_sync.ts";
import { syncAgent, type SyncOptions, type SyncPorts } from "./sync_agent.ts";

/** Syncs an organization's agents side by side; what befalls one leaves the other alone. */
export async function syncAgents(
  ports: SyncPorts,
  { roles = [...AGENT_ROLES], ...options }: SyncOptions & {
    roles?: AgentRole[];
  },
): Promise<SyncAgentResult[]> {
  const results = await Promise.all(
    roles.map((role) => syncAgent(ports, { ...options, role })),
  );
  if (
    results.every(({ status }) => status === "synced" || status === "unchanged")
  ) {
    ports.logger.info("All agents synced to Vapi", {
      org_id: options.orgId,
      request_id: options.requestId,
      agent_ids: results.map(({ agentId }) => agentId),
      vapi_assistant_ids: results.map(({ vapiAssistantId }) => vapiAssistantId),
    });
  }
  return results;
}
