import { ProviderError } from "../errors.ts";
import type { AgentRole, Vapi } from "../ports.ts";
import type { Orphan, OrphanPorts } from "./find_orphans.ts";

/**
 * Adopts and deletes what was asked for; what can't be done says so in its `error`.
 * @returns the roles whose agents have another assistant now
 */
export async function resolveOrphans(
  ports: OrphanPorts,
  vapi: Vapi,
  orphans: Orphan[],
  { orgId, userId, requestId }: { orgId: string; userId: string; requestId: string },
): Promise<AgentRole[]> {
  const identity = { org_id: orgId, user_id: userId, request_id: requestId };
  const adopted: AgentRole[] = [];
  for (const orphan of orphans) {
    if (orphan.action !== "adopt" || orphan.role === null) continue;
    const { role, assistantId } = orphan;
    const result = await ports.behavior.adoptAssistant({
      ...identity,
      role,
      vapi_assistant_id: assistantId,
    });
    if (result.code === "adopted") adopted.push(role);
    else orphan.error = describeRefusal(result.code, role);
  }

  const doomed = orphans.filter(({ action }) => action === "delete");
  if (doomed.length === 0) return adopted;
  // A sync that is at work may have made one of them a moment ago, without having recorded it.
  const { agents } = await ports.agents.readSyncStatus({ org_id: orgId });
  const isSafe = ({ assistantId, agentId }: Orphan) =>
    !agents.some((agent) =>
      agent.vapi_assistant_id === assistantId ||
      agent.id === agentId && agent.create_intended_at !== null
    );
  const safe = doomed.filter(isSafe);
  for (const orphan of doomed) {
    if (!safe.includes(orphan)) orphan.error = "its agent is being synced, try again later";
  }
  if (safe.length > 0) {
    await ports.behavior.recordOrphansDeleted({
      ...identity,
      assistant_ids: safe.map(({ assistantId }) => assistantId),
    });
  }
  for (const orphan of safe) {
    try {
      await vapi.deleteAssistant(orphan.assistantId);
      ports.logger.info("Orphan deleted", { vapi_assistant_id: orphan.assistantId });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      orphan.error = error.reason;
    }
  }
  return adopted;
}

function describeRefusal(code: "taken" | "not_found" | "held", role: AgentRole): string {
  switch (code) {
    case "taken":
      return "another agent has it";
    case "not_found":
      return `there is no ${role} agent`;
    case "held":
      return `the ${role} agent is being synced, try again later`;
  }
}
