import type { TwilioCredentials } from "../domain/workspace/complete_credentials.ts";
import type { AgentRow, SettingsRow, Vapi, VapiPhoneNumber, VapiPublicConfig } from "../ports.ts";
import { bindNumber, type BindNumberResult } from "./bind_number.ts";
import type { SyncAgentResult } from "./describe_sync.ts";
import type { SyncPorts } from "./sync_agent.ts";
import { unbindNumber } from "./unbind_number.ts";

export type BoundNumber = NonNullable<VapiPublicConfig["number"]>;
type Ports = Pick<SyncPorts, "clock" | "webhook" | "logger">;

/**
 * Lists the account's numbers. Where the workspace moved to another Vapi account, the number is
 * first released in the old one, so that two accounts never answer for it; that the old account
 * can't be reached any more is no reason to stop.
 */
export async function listNumbers(
  ports: Ports,
  { vapi, previous, recorded, agents }: {
    vapi: Vapi;
    /** The account of the key that was stored before, when that was another key. */
    previous: Vapi | null;
    recorded: BoundNumber | null;
    agents: AgentRow[];
  },
): Promise<VapiPhoneNumber[]> {
  const numbers = await vapi.listPhoneNumbers();
  if (previous === null || recorded === null) return numbers;
  if (numbers.some(({ id }) => id === recorded.phone_number_id)) return numbers;
  try {
    await unbindNumber({ ...ports, vapi: previous }, {
      recorded,
      assistantIds: listAssistantIds(agents),
    });
  } catch (error) {
    ports.logger.warn("Number not released in the previous Vapi account", { error });
  }
  return numbers;
}

/** Binds the Twilio number to the agent that answers calls, as its sync left it. */
export async function bindWorkspaceNumber(
  ports: Ports,
  {
    vapi,
    twilio,
    settings,
    recorded,
    numbers,
    agents,
    results,
    fingerprint,
    dryRun = false,
  }: {
    vapi: Vapi;
    twilio: TwilioCredentials;
    settings: SettingsRow;
    recorded: BoundNumber | null;
    numbers: Promise<VapiPhoneNumber[]>;
    /** As they were before the save. */
    agents: AgentRow[];
    results: SyncAgentResult[];
    /** Of the Vapi key in use. */
    fingerprint: string | null;
    dryRun?: boolean;
  },
): Promise<BindNumberResult> {
  const inbound = agents.find(({ role }) => role === "inbound") ?? null;
  const synced = results.find(({ role }) => role === "inbound");
  const inStep = synced?.status === "synced" || synced?.status === "unchanged";
  const known = inbound?.applied_key_fingerprint === fingerprint
    ? inbound?.vapi_assistant_id ?? null
    : null;
  return await bindNumber({ ...ports, vapi }, {
    number: twilio.from_number,
    twilio,
    agent: inbound &&
      { ...inbound, vapi_assistant_id: inStep ? synced.vapiAssistantId : known },
    settings,
    // No rollout governs calls: an agent's own state and mode do.
    fullyRolledOut: true,
    recorded,
    numbers,
    fingerprint,
    dryRun,
  });
}

export function listAssistantIds(agents: AgentRow[]): string[] {
  return agents.flatMap(({ vapi_assistant_id }) => vapi_assistant_id ?? []);
}
