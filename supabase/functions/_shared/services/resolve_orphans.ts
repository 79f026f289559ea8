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
  const answering = new Set((await vapi.listPhoneNumbers()).map((number) => number.assistantId));
  for (const orphan of doomed) {
    if (answering.has(orphan.assistantId)) {
      orphan.error = "a phone number goes to it";
      continue;
    }
    // One by one, right before each: a sync that is at work may make or take over one of them.
    const { code } = await ports.behavior.recordOrphansDeleted({
      ...identity,
      assistant_ids: [orphan.assistantId],
    });
    if (code !== "recorded") {
      orphan.error = code === "known"
        ? "an agent has it"
        : "an agent is being synced, try again later";
      continue;
    }
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
