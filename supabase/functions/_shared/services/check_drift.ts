import { compareAssistant } from "../domain/sync_plan/compare_assistant.ts";
import { listDifferences } from "../domain/sync_plan/list_differences.ts";
import { AppError, ProviderError } from "../errors.ts";
import type { JsonObject, ProviderCall } from "../ports.ts";
import type { DriftCheckRow, DriftDifference, DriftStore } from "../ports_voice_agents.ts";
import { rebindAfterSync } from "./rebind_after_sync.ts";
import type { RebindPorts } from "./rebind_number.ts";
import { renderDesired } from "./render_desired.ts";
import { startDeadline } from "./start_deadline.ts";
import { syncAgent } from "./sync_agent.ts";

export type DriftPorts = RebindPorts & { drift: DriftStore };
export type DriftOutcome = "in_step" | "drifted" | "missing" | "failed";
export type DriftEnd = {
  outcome: DriftOutcome;
  /** Set where Vapi asks to be left alone. */
  rateLimited?: true;
};

const DEADLINE_MILLISECONDS = 10_000;

/**
 * Compares an assistant with what was applied, by one GET, and records what differs field by field.
 * Where the organization wants drift repaired, or a save met the check, the agent is synced at once.
 * Never throws.
 */
export async function checkDrift(
  ports: DriftPorts,
  check: DriftCheckRow,
  { requestId }: { requestId: string },
): Promise<DriftEnd> {
  const { org_id, role, fencing_token } = check;
  const logger = ports.logger.with({ org_id, role });
  const began = ports.clock();
  const calls: ProviderCall[] = [];
  const seen = await compare(ports, check, calls);
  try {
    const recorded = await ports.drift.recordDriftCheck({
      org_id,
      role,
      request_id: requestId,
      fencing_token,
      outcome: seen.outcome,
      differences: seen.differences,
      repaired: false,
      error: seen.error,
      duration_ms: Math.round(ports.clock() - began),
      provider_calls: calls,
    });
    if (seen.outcome !== "in_step") {
      logger.warn("Assistant drift", {
        outcome: seen.outcome,
        vapi_assistant_id: check.agent.vapi_assistant_id,
        fields: seen.differences.map(({ field }) => field),
        error: seen.error,
      });
    }
    if (recorded.code === "recorded" && recorded.sync_queued) {
      const result = await syncAgent({ ...ports, logger }, { orgId: org_id, role, requestId });
      await rebindAfterSync({ ...ports, logger }, [result], { orgId: org_id, requestId });
    }
  } catch (error) {
    // The lease runs out by itself, and the check is due again later.
    logger.error("Drift check not recorded", { error });
  }
  return { outcome: seen.outcome, ...(seen.rateLimited ? { rateLimited: true } : {}) };
}

type Seen = {
  outcome: DriftOutcome;
  differences: DriftDifference[];
  error: string | null;
  rateLimited?: true;
};

async function compare(
  ports: DriftPorts,
  check: DriftCheckRow,
  calls: ProviderCall[],
): Promise<Seen> {
  const { agent, vapi: stored } = check;
  const deadline = startDeadline(DEADLINE_MILLISECONDS);
  try {
    if (agent.applied_key_fingerprint !== stored.fingerprint || !agent.vapi_assistant_id) {
      return fail("another Vapi account is connected since");
    }
    const secrets = await ports.cipher.open(check.org_id, "vapi", stored);
    const vapi = ports.connect.vapi(secrets, (call) => calls.push(call), {
      signal: deadline.signal,
    });
    const actual = await vapi.getAssistant(agent.vapi_assistant_id);
    if (actual === null) return { outcome: "missing", differences: [], error: null };
    const applied = readAppliedBody(ports, check);
    const differences = listDifferences(applied, actual, compareAssistant(applied, actual));
    return {
      outcome: differences.length === 0 ? "in_step" : "drifted",
      differences,
      error: null,
    };
  } catch (error) {
    const known = error instanceof ProviderError || error instanceof AppError;
    return {
      ...fail(known ? error.message : "unexpected error, logged"),
      ...(error instanceof ProviderError && error.failure === "rate_limited"
        ? { rateLimited: true }
        : {}),
    };
  } finally {
    deadline.end();
  }
}

/** What was applied; with the webhook's headers where they can't have changed since. */
function readAppliedBody(ports: DriftPorts, check: DriftCheckRow): JsonObject {
  const desired = renderDesired(check, ports.webhook);
  const { applied, applied_hash } = check.agent;
  return applied === null || desired.hash === applied_hash ? desired.body : applied;
}

function fail(error: string): Seen {
  return { outcome: "failed", differences: [], error };
}
