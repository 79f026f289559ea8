import { AppError, ProviderError } from "../errors.ts";
import type { AgentRole, AgentRow } from "../ports.ts";

export type SyncStatus =
  | "synced"
  | "unchanged"
  /** Another holder goes on with it, or the worker will. */
  | "queued"
  | "failed"
  | "not_connected"
  /** Of a dry run: `changed` would be pushed. */
  | "planned";
export type SyncAgentResult = {
  role: AgentRole;
  agentId: string | null;
  status: SyncStatus;
  vapiAssistantId: string | null;
  /** Paths such as `model.messages.0.content`; of a create, every top-level field. */
  changed: string[];
  /** For people, without secrets. */
  error?: string;
  /** The number no longer reaches whom it should: another assistant, or an agent out of service. */
  rebind?: true;
};

/** A sync's result; the assistant is the agent's unless said otherwise. */
export function describeSync(
  role: AgentRole,
  agent: AgentRow | null,
  status: SyncStatus,
  details: Partial<
    Pick<SyncAgentResult, "vapiAssistantId" | "changed" | "error" | "rebind">
  > = {},
): SyncAgentResult {
  return {
    role,
    agentId: agent?.id ?? null,
    status,
    vapiAssistantId: agent?.vapi_assistant_id ?? null,
    changed: [],
    ...details,
  };
}

/** A failure for people: a provider's own words, which hold no secrets, or none. */
export function describeFailure(role: AgentRole, failure: unknown): string {
  if (failure instanceof ProviderError) {
    return `Cannot sync the ${role} agent: Vapi: ${failure.reason}`;
  }
  // What broke inside is for the log.
  if (failure instanceof AppError && failure.code !== "internal") {
    return `Cannot sync the ${role} agent: ${failure.message}`;
  }
  return `Cannot sync the ${role} agent: unexpected error`;
}
