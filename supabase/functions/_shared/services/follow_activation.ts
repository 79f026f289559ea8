import { AppError } from "../errors.ts";
import type { AgentRole, AgentRow } from "../ports.ts";
import type { AgentStore } from "../ports_voice_agents.ts";
import { describeUnbound, type NumberWarning } from "./rebind_after_sync.ts";
import { rebindNumber, type RebindPorts } from "./rebind_number.ts";

export type ActivationPorts = RebindPorts & { behavior: AgentStore };
export type ActivationInput = {
  orgId: string;
  userId: string;
  requestId: string;
  role: AgentRole;
};
export type ActivationAnswer = {
  success: true;
  role: AgentRole;
  agentId: string;
  state: AgentRow["state"];
  mode: AgentRow["activation_mode"];
  /** False where it was so already. */
  changed: boolean;
  /** Whether the organization's number reaches whom it should now; null where there is none. */
  numberBound: boolean | null;
  warnings?: NumberWarning[];
  requestId: string;
};

/** An agent was set; makes the number follow. Outbound agents answer no number. */
export async function followActivation(
  ports: ActivationPorts,
  { orgId, userId, requestId }: ActivationInput,
  { agent, changed }: { agent: AgentRow; changed: boolean },
): Promise<ActivationAnswer> {
  const answer = {
    success: true as const,
    role: agent.role,
    agentId: agent.id,
    state: agent.state,
    mode: agent.activation_mode,
    changed,
    requestId,
  };
  if (agent.role !== "inbound") return { ...answer, numberBound: null };
  try {
    const bound = await rebindNumber(ports, { orgId, userId, requestId });
    return { ...answer, numberBound: bound === "no_number" ? null : true };
  } catch (error) {
    ports.logger.error("Number not bound", { error });
    return { ...answer, numberBound: false, warnings: [describeUnbound(error)] };
  }
}

export function describeMissingAgent(action: string, role: AgentRole): AppError {
  return new AppError(
    "not_found",
    `Cannot ${action} the ${role} agent: the organization has none, save its workspace first`,
  );
}
