import { didEverySyncFail } from "../domain/workspace/judge_save.ts";
import { AppError } from "../errors.ts";
import type { AgentRole } from "../ports.ts";
import { describeAgents, type SyncedAgents } from "./describe_agents.ts";
import { type NumberWarning, rebindAfterSync } from "./rebind_after_sync.ts";
import type { RebindPorts } from "./rebind_number.ts";
import { syncAgents } from "./sync_agents.ts";

export type SyncAnswer = SyncedAgents & {
  success: boolean;
  orgId: string;
  dryRun: boolean;
  /** Absent where the number reaches whom it should. */
  warnings?: NumberWarning[];
  requestId: string;
};

/**
 * Syncs the agents that were asked for. What was applied already costs Vapi no call, unless `force`
 * asks to look: somebody may have edited an assistant there.
 * @throws AppError `not_connected` without a Vapi key, `not_found` before the first save, and
 *   `provider_failed` when no agent got through
 */
export async function syncOnDemand(
  ports: RebindPorts,
  { orgId, requestId, roles, dryRun, force }: {
    orgId: string;
    requestId: string;
    roles: AgentRole[];
    dryRun: boolean;
    force: boolean;
  },
): Promise<SyncAnswer> {
  const { agents: existing } = await ports.agents.readSyncStatus({ org_id: orgId });
  if (!existing.some(({ role }) => roles.includes(role))) {
    throw new AppError(
      "not_connected",
      "Cannot sync the agents: there are none yet, save a workspace with a Vapi key first",
    );
  }
  const results = await syncAgents(ports, {
    orgId,
    requestId,
    roles,
    dryRun,
    force,
    agents: existing,
  });
  const warnings = await rebindAfterSync(ports, results, { orgId, requestId });
  const described = {
    ...describeAgents(results),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
  if (results.every(({ status }) => status === "not_connected")) {
    throw new AppError(
      "not_connected",
      "Cannot sync the agents: no Vapi account is connected, save a workspace with a Vapi key first",
      { extensions: { success: false, orgId, ...described } },
    );
  }
  if (didEverySyncFail(results)) {
    const reasons = results.flatMap(({ error }) => error ?? []).join("; ");
    throw new AppError("provider_failed", reasons, {
      extensions: { success: false, orgId, dryRun, ...described },
    });
  }
  return { success: true, orgId, dryRun, ...described, requestId };
}
