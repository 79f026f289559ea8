import { didEverySyncFail } from "../domain/workspace/judge_save.ts";
import { AppError } from "../errors.ts";
import type { AgentRole } from "../ports.ts";
import type { AgentsChanged, RevisionMismatch } from "../ports_voice_agents.ts";
import { nameAgentField } from "./name_agent_field.ts";
import type { SyncAgentResult, SyncStatus } from "./describe_sync.ts";
import { type NumberWarning, rebindAfterSync } from "./rebind_after_sync.ts";
import type { RebindPorts } from "./rebind_number.ts";
import { syncAgents } from "./sync_agents.ts";

export type AgentDetail = {
  role: AgentRole;
  voice: string;
  vapiAssistantId: string | null;
  status: SyncStatus;
  /** Fields, as the caller names them. */
  changed: string[];
  /** What `if-match` has to say for the next change. */
  revision: number;
  error?: string;
};
export type ChangeAnswer = {
  success: boolean;
  /** Of our agents: those that Vapi has as they are wanted. */
  syncedAgentIds: string[];
  agentDetails: AgentDetail[];
  /** Absent where the number reaches whom it should. */
  warnings?: NumberWarning[];
  requestId: string;
};

/**
 * Pushes what a change has stored and says how it went. Nothing is taken back: what could not be
 * pushed stays wanted, and the worker goes on with it.
 * @throws AppError `precondition_failed` (nothing was stored), `not_connected` and `provider_failed`
 *   (stored; the answer's members are in the error's extensions)
 */
export async function syncChangedAgents(
  ports: RebindPorts,
  stored: AgentsChanged | RevisionMismatch,
  { orgId, requestId, action }: {
    orgId: string;
    requestId: string;
    /** Completes "Cannot …", e.g. "update the agents". */
    action: string;
  },
): Promise<ChangeAnswer> {
  if (stored.code === "revision_mismatch") throw describeMismatch(stored, action);
  const roles = stored.agents.map(({ role }) => role);
  const results = await syncAgents(ports, { orgId, requestId, roles });
  const warnings = await rebindAfterSync(ports, results, { orgId, requestId });
  const described = {
    ...await describe(ports, stored, results, orgId),
    ...(warnings.length === 0 ? {} : { warnings }),
  };

  if (results.every(({ status }) => status === "not_connected")) {
    throw new AppError(
      "not_connected",
      `Cannot ${action} at Vapi: no Vapi account is connected, save a workspace with "vapi_api_key" first; the change is saved`,
      { extensions: { success: false, saved: true, ...described } },
    );
  }
  if (didEverySyncFail(results)) {
    const reasons = results.flatMap(({ error }) => error ?? []).join("; ");
    throw new AppError("provider_failed", `${reasons}; the change is saved and tried again`, {
      extensions: { success: false, saved: true, ...described },
    });
  }
  return { success: true, ...described, requestId };
}

/** Somebody else changed the agent in between. */
export function describeMismatch(
  { role, revision }: RevisionMismatch,
  action: string,
): AppError {
  return new AppError(
    "precondition_failed",
    revision === 0
      ? `Cannot ${action}: there is no ${role} agent yet`
      : `Cannot ${action}: somebody else changed the ${role} agent, which is at revision ${revision} now`,
    { extensions: { role, revision } },
  );
}

async function describe(
  ports: RebindPorts,
  stored: AgentsChanged,
  results: SyncAgentResult[],
  orgId: string,
): Promise<Pick<ChangeAnswer, "syncedAgentIds" | "agentDetails">> {
  const { agents: rows } = await ports.agents.readSyncStatus({ org_id: orgId });
  const agentDetails = stored.agents.map(({ role, revision, changed }): AgentDetail => {
    const row = rows.find((candidate) => candidate.role === role);
    const result = results.find((candidate) => candidate.role === role);
    return {
      role,
      voice: row?.voice ?? "",
      vapiAssistantId: result?.vapiAssistantId ?? row?.vapi_assistant_id ?? null,
      status: result?.status ?? "queued",
      changed: changed.map(nameAgentField),
      revision,
      ...(result?.error === undefined ? {} : { error: result.error }),
    };
  });
  const inStep = agentDetails.filter(({ status }) => status === "synced" || status === "unchanged")
    .map(({ role }) => role);
  return {
    syncedAgentIds: stored.agents.filter(({ role }) => inStep.includes(role)).map(({ id }) => id),
    agentDetails,
  };
}
