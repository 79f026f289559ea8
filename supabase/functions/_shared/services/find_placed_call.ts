import { type LookedUp, planLookup } from "../domain/calling/plan_lookup.ts";
import type { ProviderCall } from "../ports.ts";
import type { CallRequestOutcome, ClaimedCallRequest } from "../ports_calling.ts";
import type { PlaceCallPorts } from "./place_call.ts";

export const LOOKUP_PAGE = 1_000;
/** Our clock and Vapi's may differ by this much. */
const SKEW_MILLISECONDS = 5 * 60_000;

/** What the call of a request is called at Vapi: at most 40 characters, unique. */
export function nameCall(requestId: string): string {
  return `cb-${requestId}`;
}

/** From when on Vapi's calls are listed, to find one that was intended then. */
export function writeLookupStart(intendedAt: string): string {
  return new Date(Date.parse(intendedAt) - SKEW_MILLISECONDS).toISOString();
}

/** Looks at Vapi for a call that was intended and of which nobody heard. */
export async function findPlacedCall(
  ports: PlaceCallPorts,
  request: ClaimedCallRequest,
  calls: ProviderCall[],
): Promise<CallRequestOutcome> {
  const looked = await look(ports, request, calls);
  const plan = planLookup(looked, { intended_at: request.intended_at!, now: ports.clock() });
  switch (plan.step) {
    case "placed":
      return { outcome: "placed", vapi_call_id: plan.vapi_call_id, phone: request.calling.phone };
    case "try_again":
      return {
        outcome: "retry",
        until: new Date(ports.clock()).toISOString(),
        code: "not_made",
        error: null,
      };
    case "look_again":
      return {
        outcome: "looking",
        until: plan.until === null ? null : new Date(plan.until).toISOString(),
        code: "not_found_yet",
        error: null,
      };
    case "unknown":
      return { outcome: "unknown", code: plan.reason };
  }
}

async function look(
  { cipher, connectCalls, logger }: PlaceCallPorts,
  { id, org_id, intent, intended_at, vapi }: ClaimedCallRequest,
  calls: ProviderCall[],
): Promise<LookedUp> {
  if (intent === null || vapi === null || vapi.fingerprint !== intent.fingerprint) {
    return { kind: "elsewhere" };
  }
  try {
    const secrets = await cipher.open(org_id, "vapi", vapi);
    const client = connectCalls(secrets, (call) => calls.push(call));
    const listed = await client.listCalls({
      assistantId: intent.assistant_id,
      createdAtGe: writeLookupStart(intended_at!),
      limit: LOOKUP_PAGE,
    });
    const made = listed.find(({ name }) => name === nameCall(id));
    return made === undefined
      ? { kind: "absent", complete: listed.length < LOOKUP_PAGE }
      : { kind: "found", vapi_call_id: made.id };
  } catch (error) {
    logger.warn("Vapi's calls could not be listed", { error });
    return { kind: "failed" };
  }
}
