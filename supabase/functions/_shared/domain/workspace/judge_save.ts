import type { AgentRole } from "../../ports.ts";

/** How one agent fared; `queued` means that whoever syncs it now will go on with the new state. */
export type AgentOutcome = {
  role: AgentRole;
  status: "synced" | "unchanged" | "queued" | "failed" | "not_connected" | "planned";
};

export type SaveSteps = {
  credentialsStored: boolean;
  vapiValidated: boolean;
  twilioValidated: boolean;
  whatsappValidated: boolean;
  agentsSynced: boolean;
  numberBound: boolean;
  webhookSubscribed: boolean;
};

export const NO_STEPS: SaveSteps = {
  credentialsStored: false,
  vapiValidated: false,
  twilioValidated: false,
  whatsappValidated: false,
  agentsSynced: false,
  numberBound: false,
  webhookSubscribed: false,
};

/** True when every agent is in step with Vapi. */
export function areAllSynced(agents: AgentOutcome[]): boolean {
  return agents.length > 0 &&
    agents.every(({ status }) => status === "synced" || status === "unchanged");
}

/**
 * True when a sync was tried and no agent got through: the answer is a 502 although the
 * credentials are stored. One agent that is in step, or that another sync goes on with, is enough;
 * agents of a workspace without Vapi have nothing to be in step with.
 */
export function didEverySyncFail(agents: AgentOutcome[]): boolean {
  return agents.some(({ status }) => status === "failed") &&
    agents.every(({ status }) => status === "failed" || status === "not_connected");
}

/** The outcome kept in `operation_events` once credentials are stored. */
export function judgeSave(
  agents: AgentOutcome[],
  warnings: number,
): "succeeded" | "partially_succeeded" | "failed" {
  if (didEverySyncFail(agents)) return "failed";
  const failed = agents.some(({ status }) => status === "failed");
  return failed || warnings > 0 ? "partially_succeeded" : "succeeded";
}
