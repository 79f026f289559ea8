import { AppError } from "../errors.ts";
import type { AgentRole, JsonObject } from "../ports.ts";
import type { AgentStore } from "../ports_voice_agents.ts";
import { nameAgentField, nameAgentFields } from "./name_agent_field.ts";

export type HistoryAnswer = {
  role: AgentRole;
  /** Newest first. */
  revisions: {
    revision: number;
    actor: string;
    actorEmail: string | null;
    reason: string | null;
    changed: string[];
    before: JsonObject;
    after: JsonObject;
    createdAt: string;
  }[];
  /** Asks for the page after this one; null on the last. */
  nextBefore: number | null;
};

/** Who made an agent what it is, when and how. @throws AppError `not_found` */
export async function readHistory(
  { behavior }: { behavior: Pick<AgentStore, "readAgentHistory"> },
  { orgId, role, limit, before }: {
    orgId: string;
    role: AgentRole;
    limit: number;
    before: number | null;
  },
): Promise<HistoryAnswer> {
  const history = await behavior.readAgentHistory({
    org_id: orgId,
    role,
    limit,
    before_revision: before,
  });
  if (history.code === "not_found") {
    throw new AppError(
      "not_found",
      `Cannot read the history of the ${role} agent: there is none yet`,
    );
  }
  return {
    role,
    revisions: history.revisions.map((entry) => ({
      revision: entry.revision,
      actor: entry.actor,
      actorEmail: entry.actor_email,
      reason: entry.reason,
      changed: entry.changed.map(nameAgentField),
      before: nameAgentFields(entry.before),
      after: nameAgentFields(entry.after),
      createdAt: entry.created_at,
    })),
    nextBefore: history.next_before,
  };
}
