import type { SyncAgentResult } from "./describe_sync.ts";
import { startBinding } from "./start_binding.ts";
import { startDeadline } from "./start_deadline.ts";
import { subscribeWorkspace } from "./subscribe_workspace.ts";
import { syncAgents } from "./sync_agents.ts";
import type { PushPorts, PushWorkspaceInput, WorkspaceStep } from "./workspace_step.ts";

export type PushedWorkspace = Pick<WorkspaceStep, "warnings" | "patches"> & {
  results: SyncAgentResult[];
  numberBound: boolean;
  webhookSubscribed: boolean;
};

const DEADLINE_MILLISECONDS = 30_000;

/**
 * Tells the providers: both agents synced side by side while Meta's subscription is made and the
 * phone numbers are listed, then the number bound to what the sync made. What fails is reported,
 * never thrown: the credentials are stored.
 */
export async function pushWorkspace(
  ports: PushPorts,
  input: PushWorkspaceInput,
): Promise<PushedWorkspace> {
  const deadline = startDeadline(DEADLINE_MILLISECONDS);
  const { orgId, requestId } = input;
  try {
    const subscription = subscribeWorkspace(ports, input, deadline.signal);
    const binding = startBinding(ports, input, deadline.signal);
    const results = await syncAgents(ports, {
      orgId,
      requestId,
      signal: deadline.signal,
      agents: input.held.agents,
    });
    const [bound, subscribed] = await Promise.all([binding(results), subscription]);
    return {
      results,
      numberBound: bound.done,
      webhookSubscribed: subscribed.done,
      warnings: [...bound.warnings, ...subscribed.warnings],
      patches: [...bound.patches, ...subscribed.patches],
    };
  } finally {
    deadline.end();
  }
}
