import type { AgentRow, JsonObject, VapiPhoneNumber, VapiPublicConfig } from "../../ports.ts";
import { compareAssistant, hidesHeaders } from "../sync_plan/compare_assistant.ts";

export type BoundNumber = NonNullable<VapiPublicConfig["number"]>;

/** Whom a number should reach. Without an assistant our webhook decides for each call. */
export type WantedBinding = {
  number: string;
  assistantId: string | null;
  server: JsonObject;
  /** Tells one `server` from another where Vapi hides its headers. */
  serverHash: string;
  /** Where Vapi sends the call when our webhook does not answer. */
  fallbackNumber: string | null;
};

export type BindingPlan =
  | { step: "nothing" }
  /** The service adds the Twilio credentials. */
  | { step: "import"; body: JsonObject }
  | { step: "update"; id: string; body: JsonObject };

/**
 * An active agent in full mode, in step with Vapi and rolled out to everybody answers by itself:
 * its calls survive an outage of ours. Draft, paused, limited, failed or partly rolled out, each
 * call is decided by our webhook's `assistant-request`.
 */
export function chooseAssistant(
  agent: AgentRow | null,
  { fullyRolledOut }: { fullyRolledOut: boolean },
): string | null {
  return agent !== null && fullyRolledOut && agent.state === "active" &&
      agent.activation_mode === "full"
    ? agent.vapi_assistant_id
    : null;
}

/** What makes the number reach whom it should; nothing where it does already. */
export function planNumberBinding(
  wanted: WantedBinding,
  actual: VapiPhoneNumber | null,
  recorded: BoundNumber | null,
): BindingPlan {
  if (actual === null) return { step: "import", body: renderImport(wanted) };

  const body: JsonObject = {};
  if (actual.assistantId !== wanted.assistantId) body.assistantId = wanted.assistantId;
  if (wanted.assistantId === null && differsInServer(wanted, actual, recorded)) {
    body.server = wanted.server;
  }
  const fallback = actual.fallbackDestination?.number ?? null;
  if (wanted.fallbackNumber !== null && fallback !== wanted.fallbackNumber) {
    body.fallbackDestination = renderFallback(wanted.fallbackNumber);
  }
  // One that was not given by us stays.
  if (
    wanted.fallbackNumber === null && fallback !== null && fallback === recorded?.fallback_number
  ) body.fallbackDestination = null;

  return Object.keys(body).length === 0
    ? { step: "nothing" }
    : { step: "update", id: actual.id, body };
}

/** The name that an imported number gets, and is known by should our record of it be lost. */
export function nameNumber(number: string): string {
  return `Switchboard ${number}`.slice(0, 40);
}

function renderImport(wanted: WantedBinding): JsonObject {
  return {
    provider: "twilio",
    number: wanted.number,
    name: nameNumber(wanted.number),
    // Left out or true, Vapi takes the number's messages over.
    smsEnabled: false,
    ...(wanted.assistantId === null
      ? { server: wanted.server }
      : { assistantId: wanted.assistantId }),
    ...(wanted.fallbackNumber === null
      ? {}
      : { fallbackDestination: renderFallback(wanted.fallbackNumber) }),
  };
}

function renderFallback(number: string): JsonObject {
  return { type: "number", number };
}

function differsInServer(
  wanted: WantedBinding,
  actual: VapiPhoneNumber,
  recorded: BoundNumber | null,
): boolean {
  if (compareAssistant({ server: wanted.server }, { server: actual.server }).length > 0) {
    return true;
  }
  return hidesHeaders({ server: actual.server }) && recorded?.server_hash !== wanted.serverHash;
}
