import type { CredentialChange } from "../domain/workspace/compare_credentials.ts";
import type { Credentials } from "../domain/workspace/complete_credentials.ts";
import { ProviderError } from "../errors.ts";
import {
  AGENT_ROLES,
  type AgentRole,
  type Connect,
  type ProviderCall,
  type VapiPublicConfig,
  type WhatsappPublicConfig,
} from "../ports.ts";
import { bindWorkspaceNumber } from "./bind_workspace_number.ts";
import { describeSync, type SyncAgentResult } from "./describe_sync.ts";
import type { HeldWorkspace } from "./hold_workspace.ts";
import { readPublicConfig } from "./open_workspace.ts";
import { planAgentSync } from "./plan_agent_sync.ts";
import { startDeadline } from "./start_deadline.ts";
import type { SyncPorts } from "./sync_agent.ts";

export type WorkspacePlan = {
  credentials: CredentialChange[];
  results: SyncAgentResult[];
  number:
    | { action: "imported" | "updated" | "unchanged"; changed: string[] }
    | { error: string }
    | null;
  webhook: { action: "subscribed" | "unchanged" } | null;
};

const DEADLINE_MILLISECONDS = 30_000;

/** What a save would change, found with reads alone, by the credentials that it would store. */
export async function planWorkspace(
  ports: SyncPorts & { connect: Connect },
  { orgId, held, now, vapiFingerprint, changes }: {
    orgId: string;
    held: HeldWorkspace;
    now: Credentials;
    vapiFingerprint: string | null;
    changes: CredentialChange[];
  },
): Promise<WorkspacePlan> {
  const deadline = startDeadline(DEADLINE_MILLISECONDS);
  try {
    const results = await Promise.all(
      AGENT_ROLES.map((role) => planAgent(ports, { orgId, held, now, vapiFingerprint }, role)),
    );
    return {
      credentials: changes,
      results,
      number: await planNumber(ports, { held, now, vapiFingerprint }, results, deadline.signal),
      webhook: planWebhook(held, changes),
    };
  } finally {
    deadline.end();
  }
}

async function planAgent(
  ports: SyncPorts & { connect: Connect },
  { orgId, held, now, vapiFingerprint }: {
    orgId: string;
    held: HeldWorkspace;
    now: Credentials;
    vapiFingerprint: string | null;
  },
  role: AgentRole,
): Promise<SyncAgentResult> {
  const agent = held.agents.find((row) => row.role === role) ?? null;
  if (now.vapi === undefined || vapiFingerprint === null) {
    return describeSync(role, agent, "not_connected");
  }
  // It would be made and then created at Vapi.
  if (agent === null) return describeSync(role, null, "planned");
  const state = await ports.agents.readAgentSync({ org_id: orgId, role });
  const calls: ProviderCall[] = [];
  const plan = await planAgentSync(ports, {
    agent,
    settings: held.settings,
    voice_defaults: state.code === "read" ? state.voice_defaults : null,
    vapi: { fingerprint: vapiFingerprint },
    secrets: now.vapi,
  }, calls);
  calls.forEach(held.record);
  return plan;
}

async function planNumber(
  ports: SyncPorts & { connect: Connect },
  { held, now, vapiFingerprint }: {
    held: HeldWorkspace;
    now: Credentials;
    vapiFingerprint: string | null;
  },
  results: SyncAgentResult[],
  signal: AbortSignal,
): Promise<WorkspacePlan["number"]> {
  if (now.vapi === undefined || now.twilio === undefined) return null;
  const vapi = ports.connect.vapi(now.vapi, held.record, { signal });
  const config: VapiPublicConfig = readPublicConfig(held.integrations, "vapi");
  try {
    const { action, changed } = await bindWorkspaceNumber(ports, {
      vapi,
      twilio: now.twilio,
      settings: held.settings,
      recorded: config.number ?? null,
      numbers: vapi.listPhoneNumbers(),
      agents: held.agents,
      results,
      fingerprint: vapiFingerprint,
      dryRun: true,
    });
    return { action, changed };
  } catch (error) {
    if (error instanceof ProviderError) return { error: error.reason };
    throw error;
  }
}

function planWebhook(
  held: HeldWorkspace,
  changes: CredentialChange[],
): WorkspacePlan["webhook"] {
  const change = changes.find(({ provider }) => provider === "whatsapp");
  if (change === undefined) return null;
  const known = readPublicConfig(held.integrations, "whatsapp") as Partial<
    WhatsappPublicConfig
  >;
  const unchanged = change.action === "keep" &&
    known.subscribed_at !== undefined;
  return { action: unchanged ? "unchanged" : "subscribed" };
}
