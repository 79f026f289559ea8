import { pickSettings } from "../domain/workspace/settings_fields.ts";
import type { WorkspaceInput } from "../domain/workspace/workspace_input.ts";
import { AppError } from "../errors.ts";
import type {
  AgentRole,
  CredentialCipher,
  JsonObject,
  Logger,
  ProviderName,
  SettingsChanges,
  StoreWorkspaceInput,
  VapiPublicConfig,
  WhatsappPublicConfig,
  WorkspaceStore,
} from "../ports.ts";
import type { CheckOutcome } from "./check_outcome.ts";
import type { HeldWorkspace } from "./hold_workspace.ts";
import { readPublicConfig } from "./open_workspace.ts";
import { type PreparedCredentials, readSecrets } from "./prepare_credentials.ts";
import { listPassedSteps } from "./require_checks.ts";

export type StoredAgentIds = Record<AgentRole, string | null>;

/**
 * Stores what was checked, sealed, in one transaction that also makes both agents exist; a dry run
 * only finds out whether it could.
 * @throws AppError `check_failed` when another organization uses a number or an account, without
 *   saying which; `conflict` when the lease was lost
 * @returns the agents' ids, none of a dry run, and what of the settings becomes different
 */
export async function storeCredentials(
  ports: {
    workspace: WorkspaceStore;
    cipher: CredentialCipher;
    logger: Logger;
  },
  { orgId, userId, requestId, input, dryRun, held, prepared, outcomes }: {
    orgId: string;
    userId: string;
    requestId: string;
    input: WorkspaceInput;
    dryRun: boolean;
    held: HeldWorkspace;
    prepared: PreparedCredentials;
    outcomes: { [P in ProviderName]?: CheckOutcome };
  },
): Promise<{ agentIds: StoredAgentIds; settings?: SettingsChanges }> {
  const { credentials, fingerprints, changes } = prepared;
  const settings = pickSettings(input);
  const integrations: StoreWorkspaceInput["integrations"] = [];
  for (const { provider, action } of changes) {
    const outcome = outcomes[provider];
    if (outcome?.outcome !== "passed") continue;
    const secrets = readSecrets(credentials, provider);
    const [secret = ""] = Object.values(secrets);
    integrations.push({
      provider,
      fingerprint: fingerprints[provider] ?? "",
      last_four: (secret ?? "").slice(-4),
      public_config: { ...outcome.public_config, ...keepConfig(held, provider, action === "keep") },
      ...await ports.cipher.seal(orgId, provider, secrets),
    });
  }

  const stored = await ports.workspace.storeWorkspace({
    org_id: orgId,
    user_id: userId,
    request_id: requestId,
    fencing_token: held.fencing_token,
    dry_run: dryRun,
    integrations,
    ...(settings === null ? {} : { settings }),
  });
  const changed = "settings" in stored ? { settings: stored.settings } : {};
  if (stored.code === "storable") {
    return { agentIds: { inbound: null, outbound: null }, ...changed };
  }
  if (stored.code === "lease_lost") {
    throw new AppError(
      "conflict",
      "Cannot save the workspace: another request took over, because this one took too long",
      { retryAfterSeconds: 5 },
    );
  }
  if (stored.code === "taken") {
    throw new AppError(
      "check_failed",
      `Cannot save the workspace: ${stored.field} is in use by another organization`,
      {
        errors: [{ field: stored.field, detail: "is in use by another organization" }],
        extensions: { success: false, steps: listPassedSteps(outcomes), orgId },
      },
    );
  }
  ports.logger.info("Workspace credentials stored", {
    providers: stored.integrations.map(({ provider }) => provider),
  });
  for (const { id, role, created } of stored.agents) {
    ports.logger.info(created ? "Agent created" : "Agent found", { agent_id: id, role });
  }
  const idOf = (role: AgentRole) => stored.agents.find((agent) => agent.role === role)?.id ?? null;
  return {
    agentIds: { inbound: idOf("inbound"), outbound: idOf("outbound") },
    ...changed,
  };
}

/** What the provider's check does not tell and later steps wrote: storing replaces the whole. */
function keepConfig(
  held: HeldWorkspace,
  provider: ProviderName,
  unchanged: boolean,
): JsonObject {
  const config = readPublicConfig(held.integrations, provider);
  const { number }: VapiPublicConfig = provider === "vapi" ? config : {};
  const { subscribed_at }: Partial<WhatsappPublicConfig> = provider === "whatsapp" && unchanged
    ? config
    : {};
  return {
    ...(number === undefined ? {} : { number }),
    ...(subscribed_at === undefined ? {} : { subscribed_at }),
  };
}
