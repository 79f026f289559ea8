import { isTooLate } from "../domain/calling/call_window.ts";
import { planCall } from "../domain/calling/plan_call.ts";
import { writeVariables } from "../domain/calling/write_variables.ts";
import { isTierOn } from "../domain/rollout/is_tier_on.ts";
import { ProviderError } from "../errors.ts";
import type { Clock, CredentialCipher, Logger, ProviderCall } from "../ports.ts";
import type {
  CallRequestOutcome,
  CallRequestStore,
  ClaimedCallRequest,
  ConnectCalls,
} from "../ports_calling.ts";
import { beginCallingHours, nextMidnight } from "../domain/calling/begin_calling_hours.ts";
import { createPromptSecrets } from "./create_prompt_secrets.ts";
import { findPlacedCall, nameCall } from "./find_placed_call.ts";

export const CALL_ATTEMPTS = 8;
/** A holder that was held up longer than this asks nothing of Vapi any more: its lease may be over. */
const FRESH_MILLISECONDS = 20_000;
/** When it is asked again whether calls are switched on. */
const SWITCHED_OFF_MILLISECONDS = 10 * 60_000;

export type PlaceCallPorts = {
  requests: CallRequestStore;
  connectCalls: ConnectCalls;
  cipher: CredentialCipher;
  clock: Clock;
  logger: Logger;
};

/**
 * Calls one person back, or decides when, or that nobody will. A request that is found intended is
 * looked for at Vapi before anything else: no request rings twice.
 */
export async function placeCall(
  ports: PlaceCallPorts,
  request: ClaimedCallRequest,
): Promise<string> {
  const calls: ProviderCall[] = [];
  const logger = ports.logger.with({ org_id: request.org_id, call_request_id: request.id });
  const outcome = await decide({ ...ports, logger }, request, calls);
  if (outcome === null) {
    logger.warn("The call request's lease was lost: somebody else goes on");
    return "lease_lost";
  }
  const recorded = await ports.requests.recordCallRequest({
    ...outcome,
    id: request.id,
    fencing_token: request.fencing_token,
    max_attempts: CALL_ATTEMPTS,
    provider_calls: calls,
  });
  const state = recorded.code === "recorded" ? recorded.state : recorded.code;
  logger.info("Call request handled", {
    outcome: outcome.outcome,
    state,
    ...("code" in outcome ? { reason: outcome.code } : {}),
  });
  return state;
}

async function decide(
  ports: PlaceCallPorts,
  request: ClaimedCallRequest,
  calls: ProviderCall[],
): Promise<CallRequestOutcome | null> {
  if (request.state === "intended") return await findPlacedCall(ports, request, calls);
  const { requests, clock, cipher } = ports;
  const { calling, minutes_used, not_before, vapi } = request;
  if (isTooLate(not_before, clock())) return { outcome: "refused", code: "expired" };
  if (!isTierOn("vapi_tier_flags", calling.tier_flags, request.org_id)) {
    return wait(clock() + SWITCHED_OFF_MILLISECONDS, "tier_off");
  }
  const plan = planCall(calling, { not_before, minutes_used, now: clock() });
  if (plan.step === "refuse") return { outcome: "refused", code: plan.reason };
  if (plan.step === "wait") return wait(plan.until, plan.reason);
  if (vapi === null) return { outcome: "refused", code: "not_connected" };

  let secrets;
  try {
    secrets = await cipher.open(request.org_id, "vapi", vapi);
  } catch (error) {
    ports.logger.critical("Cannot open the Vapi credentials", { error });
    return { outcome: "retry", until: null, code: "credentials", error: null };
  }
  const asked = clock();
  const intended = await requests.intendCall({
    id: request.id,
    fencing_token: request.fencing_token,
    assistant_id: plan.assistantId,
    phone_number_id: plan.phoneNumberId,
    fingerprint: vapi.fingerprint,
  });
  const at = clock();
  switch (intended.code) {
    case "lease_lost":
      return null;
    case "opted_out":
      return { outcome: "refused", code: "opted_out" };
    case "minutes_spent":
      return wait(beginCallingHours(calling, nextMidnight(calling, at)), "minutes_spent");
    case "intended":
  }
  if (at - asked > FRESH_MILLISECONDS) {
    return { outcome: "retry", until: new Date(at).toISOString(), code: "held_up", error: null };
  }
  try {
    const signal = AbortSignal.timeout(FRESH_MILLISECONDS);
    const client = ports.connectCalls(secrets, (call) => calls.push(call), { signal });
    const { id } = await client.placeCall({
      assistantId: plan.assistantId,
      phoneNumberId: plan.phoneNumberId,
      number: plan.phone,
      name: nameCall(request.id),
      variables: writeVariables(
        { reason: request.reason, contactName: request.contact_name },
        createPromptSecrets().fence,
      ),
    });
    return { outcome: "placed", vapi_call_id: id, phone: plan.phone };
  } catch (error) {
    return await judgeFailure(ports, request, { error, calls, at });
  }

  function wait(until: number, code: string): CallRequestOutcome {
    return { outcome: "waiting", until: new Date(until).toISOString(), code };
  }
}

/** What Vapi certainly didn't do may be tried again; what it may have done is looked for. */
async function judgeFailure(
  ports: PlaceCallPorts,
  request: ClaimedCallRequest,
  { error, calls, at }: { error: unknown; calls: ProviderCall[]; at: number },
): Promise<CallRequestOutcome> {
  ports.logger.warn("The call could not be placed", { error });
  if (!(error instanceof ProviderError) || error.ambiguous) {
    const { calling, vapi } = request;
    return await findPlacedCall(ports, {
      ...request,
      intended_at: new Date(at).toISOString(),
      intent: {
        assistant_id: calling.agent!.assistant_id!,
        phone_number_id: calling.agent!.phone_number_id!,
        fingerprint: vapi!.fingerprint,
      },
    }, calls);
  }
  const { retryAfterSeconds, message } = error;
  const failure = isOverLimit(error) ? "rate_limited" : error.failure;
  if (failure === "refused" || failure === "not_found") {
    return { outcome: "failed", code: "refused_by_vapi", error: message };
  }
  const until = retryAfterSeconds === undefined
    ? null
    : new Date(ports.clock() + retryAfterSeconds * 1000).toISOString();
  return { outcome: "retry", until, code: failure, error: message };
}

/** Vapi answers 400 where too many calls go on at once: nothing was made, and later there is room. */
function isOverLimit({ failure, reason }: ProviderError): boolean {
  return failure === "refused" && /concurren/i.test(reason);
}
