import { AppError } from "../errors.ts";
import type { Connect, VapiPublicConfig, WorkspaceStore } from "../ports.ts";
import { bindNumber } from "./bind_number.ts";
import { type HeldWorkspace, holdWorkspace } from "./hold_workspace.ts";
import { openWorkspace, readPublicConfig } from "./open_workspace.ts";
import { startDeadline } from "./start_deadline.ts";
import type { SyncPorts } from "./sync_agent.ts";

export type RebindPorts = SyncPorts & { workspace: WorkspaceStore; connect: Connect };
export type RebindResult = "bound" | "unchanged" | "no_number";

const DEADLINE_MILLISECONDS = 20_000;
const WAIT_MILLISECONDS = 10_000;
const POLL_MILLISECONDS = 250;

/**
 * Makes the organization's number reach whom the agents' states say by now. Waits up to ten seconds
 * for a save of the workspace, which binds the number too.
 * @throws AppError `conflict` when the save takes longer, ProviderError
 */
export async function rebindNumber(
  ports: RebindPorts,
  { orgId, userId, requestId }: { orgId: string; userId: string; requestId: string },
): Promise<RebindResult> {
  const giveUpAt = ports.clock() + WAIT_MILLISECONDS;
  while (true) {
    try {
      return await holdWorkspace(
        ports,
        { orgId, userId, requestId, operation: "number_bind" },
        (held) => bindHeld(ports, orgId, held),
      );
    } catch (error) {
      const isBusy = error instanceof AppError && error.code === "conflict";
      if (!isBusy || ports.clock() >= giveUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

async function bindHeld(
  ports: RebindPorts,
  orgId: string,
  held: HeldWorkspace,
): Promise<RebindResult> {
  const { report, integrations, agents } = held;
  const { vapi: credentials, twilio } = await openWorkspace(ports, orgId, integrations);
  if (credentials === undefined || twilio === undefined) {
    report.outcome = "succeeded";
    return "no_number";
  }
  const fingerprint = integrations.find(({ provider }) => provider === "vapi")?.fingerprint;
  const config: VapiPublicConfig = readPublicConfig(integrations, "vapi");
  const inbound = agents.find(({ role }) => role === "inbound") ?? null;
  const isHere = inbound?.applied_key_fingerprint === fingerprint;
  const deadline = startDeadline(DEADLINE_MILLISECONDS);
  try {
    const { action, changed, patch } = await bindNumber({
      ...ports,
      vapi: ports.connect.vapi(credentials, held.record, { signal: deadline.signal }),
    }, {
      number: twilio.from_number,
      twilio,
      // An assistant in the account that was connected before answers nothing here.
      agent: inbound && { ...inbound, ...(isHere ? {} : { vapi_assistant_id: null }) },
      settings: held.settings,
      fullyRolledOut: true,
      recorded: config.number ?? null,
      ...(fingerprint === undefined ? {} : { fingerprint }),
    });
    if (patch !== null) report.patches = [{ provider: "vapi", public_config_patch: patch }];
    report.outcome = "succeeded";
    report.details = { action, changed };
    return action === "unchanged" ? "unchanged" : "bound";
  } finally {
    deadline.end();
  }
}
