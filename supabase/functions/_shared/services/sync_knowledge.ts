import { AppError } from "../errors.ts";
import type { AgentRole } from "../ports.ts";
import type {
  ClaimKnowledgeSyncResult,
  ConnectKnowledge,
  KnowledgeSyncState,
  KnowledgeSyncStore,
} from "../ports_knowledge_sync.ts";
import type { HeldKnowledge } from "./hold_knowledge.ts";
import { type PushedKnowledge, pushKnowledge } from "./push_knowledge.ts";
import { startDeadline } from "./start_deadline.ts";
import type { SyncPorts } from "./sync_agent.ts";
import { syncAgents } from "./sync_agents.ts";

export type KnowledgeSyncPorts = Omit<SyncPorts, "connect"> & {
  connect: ConnectKnowledge;
  knowledgeSync: KnowledgeSyncStore;
};
export type KnowledgeSyncInput = {
  orgId: string;
  /** Who asked; `system` for the worker. */
  userId: string;
  requestId: string;
  startedBy: "request" | "worker";
  /** Null: as they were the last time. */
  toolName: string | null;
  assistantRoles: AgentRole[] | null;
  leaseSeconds?: number;
};
export type KnowledgeSyncResult = PushedKnowledge & { syncId: string };

/** What one claim may take, so that it ends inside an isolate's life; the worker goes on with the rest. */
const SLICE_MILLISECONDS = 90_000;
/** Then whatever is under way at Vapi is given up, and there is still time to record. */
const GRACE_MILLISECONDS = 20_000;
const LEASE_SECONDS = 60;
/** Rounds for changes that came while it ran; later ones are the worker's. */
const ROUNDS = 3;

/**
 * Brings an organization's knowledge base to Vapi, one sync at a time: what was stopped anywhere goes
 * on from what is recorded and what Vapi shows.
 * @returns null where the worker finds nothing to do
 * @throws AppError `not_connected`, `conflict` (assistants missing; another sync is at it, with its
 *   id), `rate_limited` (nothing changed since less than a minute), `misconfigured`
 */
export async function syncKnowledge(
  ports: KnowledgeSyncPorts,
  input: KnowledgeSyncInput,
): Promise<KnowledgeSyncResult | null> {
  const { orgId, requestId, startedBy } = input;
  const claim = await ports.knowledgeSync.claimKnowledgeSync({
    org_id: orgId,
    user_id: input.userId,
    request_id: requestId,
    lease_seconds: input.leaseSeconds ?? LEASE_SECONDS,
    started_by: startedBy,
    tool_name: input.toolName,
    assistant_roles: input.assistantRoles,
  });
  if (claim.code === "unchanged") return null;
  if (claim.code !== "claimed") throw describeRefusal(claim, orgId);

  const logger = ports.logger.with({
    org_id: orgId,
    request_id: requestId,
    sync_id: claim.sync_id,
  });
  logger.info("Knowledge base sync started", {
    started_by: startedBy,
    documents: claim.documents.length,
    roles: claim.sync.assistant_roles,
    tool_name: claim.sync.tool_name,
  });
  let state: KnowledgeSyncState = claim;
  for (let round = 1;; round++) {
    const { result, again } = await syncOnce({ ...ports, logger }, input, {
      claim,
      state,
      round,
    });
    if (!again) return result;
    const next = await ports.knowledgeSync.readKnowledgeSync({
      org_id: orgId,
      tool_name: null,
      assistant_roles: null,
    });
    if (next.code === "not_connected") return result;
    state = next;
  }
}

type Claimed = ClaimKnowledgeSyncResult & { code: "claimed" };

async function syncOnce(
  ports: KnowledgeSyncPorts,
  input: KnowledgeSyncInput,
  { claim, state, round }: { claim: Claimed; state: KnowledgeSyncState; round: number },
): Promise<{ result: KnowledgeSyncResult; again: boolean }> {
  const { orgId, requestId } = input;
  const began = ports.clock();
  const deadline = startDeadline(SLICE_MILLISECONDS + GRACE_MILLISECONDS);
  try {
    const secrets = await ports.cipher.open(orgId, "vapi", state.vapi);
    const calls: HeldKnowledge["calls"] = [];
    const held: HeldKnowledge = {
      orgId,
      token: claim.fencing_token,
      store: ports.knowledgeSync,
      vapi: ports.connect.vapi(secrets, (call) => calls.push(call), { signal: deadline.signal }),
      keyFingerprint: state.vapi.fingerprint,
      calls,
      left: state,
      until: began + SLICE_MILLISECONDS,
      clock: ports.clock,
      logger: ports.logger,
      stopped: null,
    };
    // Somebody who asks wants to know how it is there; after a change the rows are enough.
    const verify = (input.startedBy === "request" || claim.verify) && round === 1;
    const pushed = await pushKnowledge(held, {
      state,
      verify,
      syncHolders: (roles) =>
        syncAgents(ports, { orgId, requestId, roles, force: verify, waitForLease: true }),
    });
    const finished = await ports.knowledgeSync.finishKnowledgeSync({
      org_id: orgId,
      fencing_token: claim.fencing_token,
      sync_id: claim.sync_id,
      request_id: requestId,
      hash: state.hash,
      outcome: pushed.outcome,
      counts: pushed.counts,
      error: pushed.error,
      duration_ms: Math.round(ports.clock() - began),
      unfinished: pushed.unfinished,
      progressed: pushed.progressed,
      retry: pushed.retry,
      again_allowed: round < ROUNDS,
      provider_calls: calls.splice(0),
    });
    const fields = {
      outcome: finished.code === "lease_lost" ? "lease_lost" : pushed.outcome,
      ...pushed.counts,
      unfinished: pushed.unfinished,
      duration_ms: Math.round(ports.clock() - began),
    };
    if (pushed.error === null) ports.logger.info("Knowledge base sync completed", fields);
    else {
      ports.logger.warn("Knowledge base sync completed", {
        ...fields,
        error: pushed.failure ?? pushed.error,
      });
    }
    return {
      result: { ...pushed, syncId: claim.sync_id },
      again: finished.code === "recorded" && finished.again,
    };
  } catch (error) {
    ports.logger.error("Knowledge base sync failed", { error });
    if (!(error instanceof AppError && error.code === "conflict")) {
      await giveUp(ports, input, { claim, hash: state.hash, error, began });
    }
    throw error;
  } finally {
    deadline.end();
  }
}

/** Lets go of the lease, so that the next one doesn't wait for its end; the worker tries again. */
async function giveUp(
  { knowledgeSync, logger, clock }: KnowledgeSyncPorts,
  { orgId, requestId }: KnowledgeSyncInput,
  { claim, hash, error, began }: { claim: Claimed; hash: string; error: unknown; began: number },
): Promise<void> {
  try {
    await knowledgeSync.finishKnowledgeSync({
      org_id: orgId,
      fencing_token: claim.fencing_token,
      sync_id: claim.sync_id,
      request_id: requestId,
      hash,
      outcome: "failed",
      counts: {},
      error: error instanceof AppError && error.code !== "internal"
        ? error.message
        : "unexpected error, logged",
      duration_ms: Math.round(clock() - began),
      unfinished: false,
      progressed: false,
      retry: true,
      again_allowed: false,
      provider_calls: [],
    });
  } catch (failure) {
    // The lease runs out by itself, and the worker goes on.
    logger.error("Knowledge base sync not recorded", { error: failure });
  }
}

function describeRefusal(
  claim: Exclude<ClaimKnowledgeSyncResult, { code: "claimed" }>,
  orgId: string,
): AppError {
  switch (claim.code) {
    case "agents_missing":
      return describeMissing(claim.roles);
    case "held":
      return new AppError(
        "conflict",
        `Cannot sync the knowledge base of "${orgId}": a sync is running`,
        {
          retryAfterSeconds: claim.retry_after_seconds,
          extensions: { syncId: claim.sync_id },
        },
      );
    case "too_soon":
      return new AppError(
        "rate_limited",
        "Cannot sync the knowledge base again: nothing changed since a sync less than a minute ago",
        { retryAfterSeconds: claim.retry_after_seconds },
      );
    default:
      return describeNotConnected();
  }
}

export function describeMissing(roles: AgentRole[]): AppError {
  const named = roles.map((role) => `the ${role} agent`).join(" and ");
  return new AppError(
    "conflict",
    `Cannot sync the knowledge base: ${named} ${
      roles.length === 1 ? "has" : "have"
    } no assistant at Vapi yet, sync the agents first`,
    { extensions: { roles } },
  );
}

export function describeNotConnected(): AppError {
  return new AppError(
    "not_connected",
    "Cannot sync the knowledge base: no Vapi account is connected, save a workspace with a Vapi key first",
  );
}
