import type { Desired } from "../domain/sync_plan/plan_sync.ts";
import type {
  AgentRow,
  ClaimAgentSyncResult,
  ProviderCall,
  RecordAgentSyncInput,
} from "../ports.ts";
import { describeFailure, describeSync, type SyncAgentResult } from "./describe_sync.ts";
import { pushAgent, type PushResult } from "./push_agent.ts";
import { readApplied, renderDesired, withoutHeaders } from "./render_desired.ts";
import { startDeadline } from "./start_deadline.ts";
import type { SyncAgentInput, SyncPorts } from "./sync_agent.ts";

type Input = SyncAgentInput & { leaseSeconds: number; force: boolean };
type Claimed = ClaimAgentSyncResult & { code: "claimed" };
type State = Omit<Claimed, "code" | "fencing_token">;

/** Before a lease ends its holder lets go of Vapi and still has time to record. */
const RECORDING_SECONDS = 5;
/** Twice as many changes at once as a dashboard has fields; what comes after is the worker's. */
const ROUNDS = 20;

/**
 * Pushes and records, and goes on while the desired state moves; each record extends the lease. After
 * a failure the queued retry goes on.
 */
export async function syncUnderLease(
  ports: SyncPorts,
  input: Input,
  claim: Claimed,
): Promise<SyncAgentResult> {
  const token = claim.fencing_token;
  let state: State = claim;
  let changed: string[] = [];
  let rebind = false;
  for (let round = 1;; round++) {
    const { result: last, again } = await syncOnce(ports, input, { token, state });
    changed = [...new Set([...changed, ...last.changed])];
    rebind ||= last.rebind ?? false;
    // What an earlier round changed was changed by this sync.
    const result: SyncAgentResult = {
      ...last,
      ...(changed.length > 0 && last.status === "unchanged" ? { status: "synced" } : {}),
      changed,
      ...(rebind ? { rebind } : {}),
    };
    if (!again || last.status === "failed") return result;
    if (round === ROUNDS || input.signal?.aborted) return { ...result, status: "queued" };
    const next = await ports.agents.readAgentSync({ org_id: input.orgId, role: input.role });
    if (next.code === "not_found") return { ...result, status: "queued" };
    if (next.code === "not_connected") {
      return describeSync(input.role, next.agent, "not_connected");
    }
    state = next;
  }
}

/** One push and its record, under the lease. */
async function syncOnce(
  ports: SyncPorts,
  input: Input,
  { token, state }: { token: number; state: State },
): Promise<{ result: SyncAgentResult; again: boolean }> {
  const began = ports.clock();
  const calls: ProviderCall[] = [];
  const { agent } = state;
  const pushed = await push(ports, input, { token, state, calls });
  const outcome = pushed.failure !== null
    ? "failed"
    : pushed.changed.length > 0 || pushed.actions.includes("adopted")
    ? "synced"
    : "unchanged";
  const error = pushed.failure === null ? null : describeFailure(agent.role, pushed.failure);
  const duration_ms = Math.round(ports.clock() - began);

  const fields = {
    agent_id: agent.id,
    vapi_assistant_id: pushed.assistantId,
    outcome: pushed.leaseLost ? "lease_lost" : outcome,
    actions: pushed.actions,
    changed: pushed.changed,
    duration_ms,
  };
  if (error === null) ports.logger.info("Agent sync attempt", fields);
  else ports.logger.error("Agent sync attempt", { ...fields, error: pushed.failure });

  const result = describeSync(agent.role, agent, outcome, {
    vapiAssistantId: pushed.assistantId,
    changed: pushed.changed,
    ...(error === null ? {} : { error }),
  });
  if (pushed.leaseLost) return { result: { ...result, status: "queued" }, again: false };

  const recorded = await record(ports, {
    org_id: input.orgId,
    role: agent.role,
    request_id: input.requestId,
    fencing_token: token,
    outcome,
    revision: agent.revision,
    vapi_assistant_id: pushed.assistantId,
    ...describeApplied(pushed),
    actions: pushed.actions,
    error,
    duration_ms,
    provider_calls: calls,
  });
  switch (recorded.code) {
    case "recorded": {
      const rebind = agent.role === "inbound" &&
        (recorded.state_changed === true || isMoved(agent, pushed.assistantId));
      return { result: rebind ? { ...result, rebind } : result, again: recorded.again };
    }
    case "lease_lost":
      return { result: { ...result, status: "queued" }, again: false };
    case "failed":
      return { result: { ...result, status: "failed", error: recorded.error }, again: false };
  }
}

/** Whether a number that goes straight to the agent's assistant has to go to another one. */
function isMoved(agent: AgentRow, assistantId: string | null): boolean {
  return assistantId !== null && assistantId !== agent.vapi_assistant_id &&
    agent.state === "active" && agent.activation_mode === "full";
}

/** A push that can't be recorded is repeated when the lease is over; Vapi is asked first then. */
async function record(ports: SyncPorts, input: RecordAgentSyncInput) {
  try {
    return await ports.agents.recordAgentSync(input);
  } catch (failure) {
    ports.logger.error("Agent sync not recorded", { agent_role: input.role, error: failure });
    return { code: "failed" as const, error: describeFailure(input.role, failure) };
  }
}

type Pushed = PushResult & { desired: Desired | null };

async function push(
  ports: SyncPorts,
  input: Input,
  { token, state, calls }: { token: number; state: State; calls: ProviderCall[] },
): Promise<Pushed> {
  const { agent } = state;
  const seconds = input.leaseSeconds - RECORDING_SECONDS;
  const deadline = startDeadline(seconds * 1000, input.signal);
  try {
    const desired = renderDesired(state, ports.webhook);
    const secrets = await ports.cipher.open(input.orgId, "vapi", state.vapi);
    const pushed = await pushAgent({
      vapi: ports.connect.vapi(secrets, (call) => calls.push(call), { signal: deadline.signal }),
      logger: ports.logger,
      recordCreateIntent: () =>
        ports.agents.recordCreateIntent({
          org_id: input.orgId,
          role: agent.role,
          fencing_token: token,
        }),
    }, {
      desired,
      applied: readApplied(agent, state.interrupted ?? false),
      force: input.force,
    });
    return { ...pushed, desired };
  } catch (failure) {
    return {
      assistantId: agent.vapi_assistant_id,
      actions: [],
      changed: [],
      failure,
      leaseLost: false,
      desired: null,
    };
  } finally {
    deadline.end();
  }
}

/** What a record says of the push: only a verified one is applied. */
function describeApplied(
  { desired, failure }: Pushed,
): Pick<RecordAgentSyncInput, "applied_hash" | "applied_key_fingerprint" | "applied"> {
  return desired === null || failure !== null
    ? { applied_hash: null, applied_key_fingerprint: null, applied: null }
    : {
      applied_hash: desired.hash,
      applied_key_fingerprint: desired.keyFingerprint,
      applied: withoutHeaders(desired.body),
    };
}
