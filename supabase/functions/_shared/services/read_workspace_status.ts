import {
  type AgentRow,
  type IntegrationRow,
  type Json,
  type JsonObject,
  type PendingStep,
  PROVIDER_NAMES,
  type ProviderName,
  type WorkspaceStore,
} from "../ports.ts";

export type IntegrationStatus = {
  connected: boolean;
  /** The last four characters of the secret. */
  lastFour: string | null;
  lastCheckedAt: string | null;
  /** Why the provider refuses the credentials, or why what is pending failed when last tried. */
  lastError: string | null;
  /** What the worker has still to tell the provider. */
  pending: PendingStep | null;
  /** What people recognise the connection by; never a secret. */
  details: JsonObject;
};
export type WorkspaceStatus = {
  orgId: string;
  integrations: Record<ProviderName, IntegrationStatus>;
  agents: AgentStatus[];
};
export type AgentStatus = ReturnType<typeof describeAgent>;

/** The masked state of a workspace: what is connected, since when it is known to work. */
export async function readWorkspaceStatus(
  ports: { workspace: WorkspaceStore },
  { orgId }: { orgId: string },
): Promise<WorkspaceStatus> {
  const { integrations, agents } = await ports.workspace.readWorkspace({ org_id: orgId });
  const describe = (provider: ProviderName) =>
    describeIntegration(provider, integrations.find((row) => row.provider === provider));
  return {
    orgId,
    integrations: Object.fromEntries(
      PROVIDER_NAMES.map((provider) => [provider, describe(provider)]),
    ) as Record<ProviderName, IntegrationStatus>,
    agents: agents.map(describeAgent),
  };
}

/** The members of `public_config` that are shown: a list, so that a new one is hidden at first. */
const SHOWN: Record<ProviderName, Record<string, string>> = {
  vapi: {},
  twilio: { from_number: "fromNumber", friendly_name: "friendlyName" },
  whatsapp: {
    phone_number_id: "phoneNumberId",
    business_account_id: "businessAccountId",
    display_phone_number: "displayPhoneNumber",
    verified_name: "verifiedName",
    quality_rating: "qualityRating",
    subscribed_at: "subscribedAt",
    has_app_secret: "hasAppSecret",
  },
};

function describeIntegration(
  provider: ProviderName,
  row: IntegrationRow | undefined,
): IntegrationStatus {
  const details: JsonObject = {};
  for (const [name, shownName] of Object.entries(SHOWN[provider])) {
    const value: Json | undefined = row?.public_config[name];
    if (value !== undefined) details[shownName] = value;
  }
  const number = row?.public_config.number;
  if (
    provider === "vapi" && typeof number === "object" && number &&
    !Array.isArray(number)
  ) {
    details.boundNumber = number.number ?? null;
  }
  const pending = row?.pending ?? null;
  const pushError = row?.public_config.push_error;
  return {
    connected: row?.connected ?? false,
    lastFour: row?.last_four ?? null,
    lastCheckedAt: row?.last_checked_at ?? null,
    lastError: row?.last_error ??
      (pending !== null && typeof pushError === "string" ? pushError : null),
    pending,
    details,
  };
}

/** An agent's sync state as the dashboard shows it. */
export function describeAgent(agent: AgentRow) {
  return {
    role: agent.role,
    agentId: agent.id,
    name: agent.name,
    state: agent.state,
    mode: agent.activation_mode,
    syncStatus: agent.sync_status,
    vapiAssistantId: agent.vapi_assistant_id,
    lastSyncedAt: agent.last_synced_at,
    syncError: agent.sync_error,
    consecutiveFailures: agent.consecutive_failures,
    revision: agent.revision,
    appliedRevision: agent.applied_revision,
  };
}
