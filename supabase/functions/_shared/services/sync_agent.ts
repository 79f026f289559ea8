import type {
  AgentRole,
  AgentRow,
  AgentSyncStore,
  ClaimAgentSyncResult,
  Clock,
  Connect,
  CredentialCipher,
  Logger,
} from "../ports.ts";
import { describeFailure, describeSync, type SyncAgentResult } from "./describe_sync.ts";
import { planAgentSync } from "./plan_agent_sync.ts";
import type { WebhookConfig } from "./render_desired.ts";
import { startDeadline } from "./start_deadline.ts";
import { syncUnderLease } from "./sync_under_lease.ts";

export type SyncPorts = {
  agents: AgentSyncStore;
  cipher: CredentialCipher;
  connect: Pick<Connect, "vapi">;
  logger: Logger;
  clock: Clock;
  webhook: WebhookConfig;
};

export type SyncOptions = {
  orgId: string;
  requestId: string;
  /** Plans with reads alone: nothing is written here or at Vapi, and no lease is taken. */
  dryRun?: boolean;
  /** Looks at Vapi although nothing changed here, which finds what was edited there. */
  force?: boolean;
  /** Waits up to 10 seconds for a holder instead of leaving the change to it. */
  waitForLease?: boolean;
  leaseSeconds?: number;
  /** Ends what is asked of Vapi; what comes of it is recorded still. */
  signal?: AbortSignal;
  /** The agents as far as the caller knows them: told where a sync is left to another holder. */
  agents?: AgentRow[];
};
export type SyncAgentInput = SyncOptions & { role: AgentRole };

/** Short, since the agent of a process that died waits for its end. */
const LEASE_SECONDS = 30;
const WAIT_MILLISECONDS = 10_000;
const POLL_MILLISECONDS = 500;
const DRY_RUN_MILLISECONDS = 25_000;

/**
 * Brings one agent's assistant in step with what the organization wants: nothing where that was
 * applied already, else read or adopt or create, replace what differs, read back, record. Goes on
 * while the desired state moves. Never throws: the result says what went wrong.
 */
export async function syncAgent(
  ports: SyncPorts,
  input: SyncAgentInput,
): Promise<SyncAgentResult> {
  const logger = ports.logger.with({
    org_id: input.orgId,
    request_id: input.requestId,
    role: input.role,
  });
  const within = { ...ports, logger };
  const known = input.agents?.find(({ role }) => role === input.role) ?? null;
  try {
    if (input.dryRun) return await planOnly(within, input);
    const claim = await claimLease(within, input);
    switch (claim.code) {
      case "not_found":
        return describeSync(input.role, null, "failed", {
          error: describeMissing(input),
        });
      case "not_connected":
        return describeSync(input.role, claim.agent, "not_connected");
      case "held":
        return describeSync(input.role, known, "queued");
      case "claimed":
        return await syncUnderLease(within, {
          leaseSeconds: LEASE_SECONDS,
          force: false,
          ...input,
        }, claim);
    }
  } catch (error) {
    logger.error("Agent sync attempt", { outcome: "failed", error });
    return describeSync(input.role, known, "failed", {
      error: describeFailure(input.role, error),
    });
  }
}

async function planOnly(
  ports: SyncPorts,
  input: SyncAgentInput,
): Promise<SyncAgentResult> {
  const state = await ports.agents.readAgentSync({
    org_id: input.orgId,
    role: input.role,
  });
  if (state.code === "not_found") {
    return describeSync(input.role, null, "failed", {
      error: describeMissing(input),
    });
  }
  if (state.code === "not_connected") {
    return describeSync(input.role, state.agent, "not_connected");
  }
  const secrets = await ports.cipher.open(input.orgId, "vapi", state.vapi);
  const deadline = startDeadline(DRY_RUN_MILLISECONDS, input.signal);
  return await planAgentSync(ports, {
    ...state,
    secrets,
    force: input.force ?? false,
  }, { record: () => {}, signal: deadline.signal }).finally(deadline.end);
}

async function claimLease(
  { agents, clock }: SyncPorts,
  input: SyncAgentInput,
): Promise<ClaimAgentSyncResult> {
  const giveUpAt = clock() + (input.waitForLease ? WAIT_MILLISECONDS : 0);
  while (true) {
    const claim = await agents.claimAgentSync({
      org_id: input.orgId,
      role: input.role,
      request_id: input.requestId,
      lease_seconds: input.leaseSeconds ?? LEASE_SECONDS,
    });
    if (claim.code !== "held" || clock() >= giveUpAt || input.signal?.aborted) return claim;
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

function describeMissing(input: SyncAgentInput): string {
  return `Cannot sync the ${input.role} agent: the organization has none, save its workspace first`;
}
