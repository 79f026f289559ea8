import {
  areAllSynced,
  didEverySyncFail,
  judgeSave,
  type SaveSteps,
} from "../domain/workspace/judge_save.ts";
import { listMentionedProviders } from "../domain/workspace/complete_credentials.ts";
import type { WorkspaceInput } from "../domain/workspace/workspace_input.ts";
import { AppError } from "../errors.ts";
import type { Connect, ProviderName, SettingsChanges, WorkspaceStore } from "../ports.ts";
import { checkCredentials } from "./check_credentials.ts";
import { type AgentAnswer, describeAgents } from "./describe_agents.ts";
import { type HeldWorkspace, holdWorkspace } from "./hold_workspace.ts";
import { openWorkspace } from "./open_workspace.ts";
import { planWorkspace, type WorkspacePlan } from "./plan_workspace.ts";
import { prepareCredentials } from "./prepare_credentials.ts";
import { pushWorkspace } from "./push_workspace.ts";
import { listPassedSteps, requireChecks } from "./require_checks.ts";
import { startDeadline } from "./start_deadline.ts";
import { storeCredentials } from "./store_credentials.ts";
import type { SyncPorts } from "./sync_agent.ts";
import type { StepWarning } from "./workspace_step.ts";

export type SaveWorkspacePorts = SyncPorts & {
  workspace: WorkspaceStore;
  connect: Connect;
};

export type SaveWorkspaceInput = {
  orgId: string;
  userId: string;
  requestId: string;
  input: WorkspaceInput;
  /** Checks and plans; stores and pushes nothing. */
  dryRun: boolean;
};

export type SaveAnswer = {
  success: boolean;
  steps: SaveSteps;
  orgId: string;
  agentIds: { inbound: string | null; outbound: string | null };
  agents: AgentAnswer[];
  warnings?: StepWarning[];
  /** Of a dry run. */
  dryRun?: true;
  changes?: Omit<WorkspacePlan, "results"> & { settings?: SettingsChanges };
  requestId: string;
};

const CHECK_DEADLINE_MILLISECONDS = 25_000;

/**
 * Checks the credentials with their providers, stores them and brings Vapi and Meta in step.
 * Until every check has passed nothing is stored; from then on nothing is taken back: what could
 * not be pushed is in the answer, and the worker or the next save goes on with it.
 *
 * @throws AppError `conflict` while the organization's workspace is being changed, `invalid_input`
 *   when credentials are incomplete, `check_failed` naming each field that a provider refused,
 *   `provider_failed` when a provider gave no verdict (nothing stored) or when no agent could be
 *   synced (stored; the answer's members are in the error's extensions)
 */
export async function saveWorkspace(
  ports: SaveWorkspacePorts,
  request: SaveWorkspaceInput,
): Promise<SaveAnswer> {
  const { input, dryRun } = request;
  const mentioned = listMentionedProviders(input);
  ports.logger.info("Workspace save request received", { providers: mentioned, dry_run: dryRun });
  return await holdWorkspace(
    ports,
    { ...request, operation: "workspace_save" },
    async (held) => {
      held.report.details = { providers: mentioned, dry_run: dryRun };
      return await saveHeld(ports, { ...request, mentioned }, held);
    },
  );
}

async function saveHeld(
  ports: SaveWorkspacePorts,
  request: SaveWorkspaceInput & { mentioned: ProviderName[] },
  held: HeldWorkspace,
): Promise<SaveAnswer> {
  const { orgId, requestId, input, mentioned } = request;
  const { integrations, record, report } = held;
  const prepared = await prepareCredentials(ports, { orgId, input, integrations });
  const deadline = startDeadline(CHECK_DEADLINE_MILLISECONDS);
  const outcomes = await checkCredentials(
    { ...ports, record, signal: deadline.signal },
    prepared.credentials,
  ).finally(deadline.end);
  requireChecks(outcomes, { orgId });

  const before = await openWorkspace(ports, orgId, integrations);
  const now = { ...before, ...prepared.credentials };
  const vapiFingerprint = prepared.fingerprints.vapi ??
    integrations.find(({ provider }) => provider === "vapi")?.fingerprint ??
    null;
  const steps = listPassedSteps(outcomes);

  const { agentIds, settings } = await storeCredentials(ports, {
    ...request,
    held,
    prepared,
    outcomes,
  });
  const changed = withSettings(held, input);
  if (request.dryRun) {
    const { results, ...changes } = await planWorkspace(ports, {
      orgId,
      held: changed,
      before,
      now,
      vapiFingerprint,
      changes: prepared.changes,
    });
    report.outcome = "succeeded";
    const described = describeAgents(results);
    return {
      success: true,
      dryRun: true,
      steps,
      orgId,
      agentIds: { ...agentIds, ...described.agentIds },
      agents: described.agents,
      changes: { ...changes, ...(settings === undefined ? {} : { settings }) },
      requestId,
    };
  }
  steps.credentialsStored = true;

  const pushed = await pushWorkspace(ports, {
    orgId,
    requestId,
    held: changed,
    before,
    now,
    vapiFingerprint,
    mentioned,
  });
  const { results, warnings } = pushed;
  steps.agentsSynced = areAllSynced(results);
  steps.numberBound = pushed.numberBound;
  steps.webhookSubscribed = pushed.webhookSubscribed;
  report.patches = pushed.patches;
  report.outcome = judgeSave(results, warnings.length);
  report.details = {
    ...report.details,
    steps,
    agents: results.map(({ role, status }) => ({ role, status })),
    warnings,
  };

  const answer = {
    success: !didEverySyncFail(results),
    steps,
    orgId,
    agentIds,
    agents: describeAgents(results).agents,
    ...(warnings.length === 0 ? {} : { warnings }),
  };
  if (!answer.success) {
    const reasons = results.flatMap(({ error }) => error ?? []).join("; ");
    throw new AppError(
      "provider_failed",
      `${reasons}; the credentials are stored`,
      { extensions: answer },
    );
  }
  return { ...answer, requestId };
}

/** What is told to providers is told as the settings are from now on. */
function withSettings(held: HeldWorkspace, input: WorkspaceInput): HeldWorkspace {
  const { enabled_tools, transfer_number } = input;
  return {
    ...held,
    settings: {
      ...held.settings,
      ...(enabled_tools === undefined ? {} : { enabled_tools }),
      ...(transfer_number === undefined ? {} : { transfer_number }),
    },
  };
}
