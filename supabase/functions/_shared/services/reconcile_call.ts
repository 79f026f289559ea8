import { describeReport } from "../domain/call_state/describe_effect.ts";
import { planReconciliation } from "../domain/call_state/plan_reconciliation.ts";
import type { CredentialCipher, Logger, ProviderCall } from "../ports.ts";
import type { FetchCall, ReconciliationStore, StaleCall } from "../ports_calls.ts";

export const RECONCILE_ATTEMPTS = 8;

export type ReconcilePorts = {
  reconciliation: ReconciliationStore;
  fetchCall: FetchCall;
  cipher: CredentialCipher;
  logger: Logger;
};

/** Asks Vapi how a call ended whose report never came, and closes it as the report would have. */
export async function reconcileCall(
  { reconciliation, fetchCall, cipher, logger }: ReconcilePorts,
  call: StaleCall,
): Promise<"closed" | "in_progress" | "failed"> {
  const { id, fencing_token, org_id, vapi_call_id } = call;
  const fields = { org_id, call_id: vapi_call_id, attempts: call.attempts };
  const calls: ProviderCall[] = [];
  const record = (
    outcome: "closed" | "in_progress" | "failed",
    { report = null, error = null }: {
      report?: ReturnType<typeof describeReport> | null;
      error?: string | null;
    } = {},
  ) =>
    reconciliation.recordReconciliation({
      id,
      fencing_token,
      outcome,
      report,
      error,
      max_attempts: RECONCILE_ATTEMPTS,
      provider_calls: calls,
    });
  try {
    if (call.vapi === null) throw new Error("Vapi is no longer connected");
    const secrets = await cipher.open(org_id, "vapi", call.vapi);
    const fetched = await fetchCall(
      secrets,
      vapi_call_id,
      (made) => calls.push(made),
    );
    const plan = planReconciliation(call, fetched);
    if (plan.outcome === "in_progress") {
      await record("in_progress");
      logger.info("Call is still going on", fields);
    } else {
      await record("closed", { report: plan.report });
      logger.warn("Call closed without its report", {
        ...fields,
        ended_reason: plan.report.change.ended_reason,
      });
    }
    return plan.outcome;
  } catch (error) {
    await record("failed", {
      error: error instanceof Error ? error.message : "unknown error",
    });
    logger.warn("Call could not be reconciled", { ...fields, error });
    return "failed";
  }
}
