import type { CredentialChange } from "../domain/workspace/compare_credentials.ts";
import type { Credentials } from "../domain/workspace/complete_credentials.ts";
import { ProviderError } from "../errors.ts";
import {
  AGENT_ROLES,
  type AgentRole,
  type Connect,
  type VapiPhoneNumber,
  type VapiPublicConfig,
  type WhatsappPublicConfig,
} from "../ports.ts";
import { bindWorkspaceNumber } from "./bind_workspace_number.ts";
import { describeSync, type SyncAgentResult } from "./describe_sync.ts";
import type { HeldWorkspace } from "./hold_workspace.ts";
import { readPublicConfig } from "./open_workspace.ts";
import { planAgentSync } from "./plan_agent_sync.ts";
import { planReleases, type Release } from "./plan_releases.ts";
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
  /** What would be taken back of what earlier saves have set up. */
  releases: Release[];
};

const DEADLINE_MILLISECONDS = 30_000;

/** What a save would change, found with reads alone, by the credentials that it would store. */
export async function planWorkspace(
  ports: SyncPorts & { connect: Connect },
  { orgId, held, before, now, vapiFingerprint, changes }: {
    orgId: string;
    held: HeldWorkspace;
    /** What is connected, and what would be. */
    before: Credentials;
    now: Credentials;
    vapiFingerprint: string | null;
    changes: CredentialChange[];
  },
): Promise<WorkspacePlan> {
  const { signal, end } = startDeadline(DEADLINE_MILLISECONDS);
  const within = { held, now, vapiFingerprint, signal };
  try {
    const numbers = now.vapi && now.twilio
      ? ports.connect.vapi(now.vapi, held.record, { signal }).listPhoneNumbers()
      : null;
    // Its failure is met where the list is used.
    numbers?.catch(() => {});
    const [results, releases] = await Promise.all([
      Promise.all(AGENT_ROLES.map((role) => planAgent(ports, { orgId, ...within }, role))),
      planReleases(ports, { held, before, now, numbers, signal }),
    ]);
    return {
      credentials: changes,
      results,
      number: numbers && await planNumber(ports, { ...within, numbers }, results),
      webhook: planWebhook(held, changes),
      releases,
    };
  } finally {
    end();
  }
}

async function planAgent(
  ports: SyncPorts & { connect: Connect },
  { orgId, held, now, vapiFingerprint, signal }: {
    orgId: string;
    held: HeldWorkspace;
    now: Credentials;
    vapiFingerprint: string | null;
    signal: AbortSignal;
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
  return await planAgentSync(ports, {
    agent,
    settings: held.settings,
    voice_defaults: state.code === "read" ? state.voice_defaults : null,
    vapi: { fingerprint: vapiFingerprint },
    secrets: now.vapi,
  }, { record: held.record, signal });
}

async function planNumber(
  ports: SyncPorts & { connect: Connect },
  { held, now, vapiFingerprint, numbers, signal }: {
    held: HeldWorkspace;
    now: Credentials;
    vapiFingerprint: string | null;
    numbers: Promise<VapiPhoneNumber[]>;
    signal: AbortSignal;
  },
  results: SyncAgentResult[],
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
      numbers,
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
