import { AppError } from "../errors.ts";
import type { AgentRole } from "../ports.ts";
import type { AgentStore, IfMatch } from "../ports_voice_agents.ts";
import type { RebindPorts } from "./rebind_number.ts";
import { type ChangeAnswer, syncChangedAgents } from "./sync_changed_agents.ts";

/**
 * Makes an agent what it was at a revision, as a new one, and pushes it.
 * @throws AppError `not_found`, and what `syncChangedAgents` throws
 */
export async function rollbackAgent(
  ports: RebindPorts & { behavior: AgentStore },
  { orgId, userId, requestId, role, revision, ifMatch }: {
    orgId: string;
    userId: string;
    requestId: string;
    role: AgentRole;
    revision: number;
    ifMatch: IfMatch;
  },
): Promise<ChangeAnswer> {
  const action = "roll the agent back";
  const stored = await ports.behavior.rollbackAgent({
    org_id: orgId,
    user_id: userId,
    request_id: requestId,
    role,
    revision,
    if_match: ifMatch,
  });
  if (stored.code === "revision_not_found") {
    throw new AppError(
      "not_found",
      `Cannot ${action} to revision "${revision}": the ${role} agent has no such revision`,
    );
  }
  return await syncChangedAgents(ports, stored, { orgId, requestId, action });
}
