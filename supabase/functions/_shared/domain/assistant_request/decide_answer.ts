import type { CallAnswer, CallContext } from "../../ports_calls.ts";
import { decideTransfer } from "./decide_transfer.ts";
import { isTierOn } from "../rollout/is_tier_on.ts";

/** Said when not even the organization's own text is at hand. */
export const POLITE_ERROR =
  "Sorry, we can't take your call at the moment. Please try again in a few minutes.";

export type AssistantDecision = {
  answer: CallAnswer;
  /** For logs: why it isn't the assistant that answers, or `answered`. */
  reason:
    | "answered"
    | "agents_silenced"
    | "tier_off"
    | "no_agent"
    | "agent_draft"
    | "agent_paused"
    | "agent_error"
    | "not_a_test_number"
    | "no_assistant";
};

/**
 * Who takes an inbound call. The first that applies decides:
 * 1. `AGENT_SYSTEM_ENABLED=false`, or Vapi handling not rolled out here: the fallback text;
 * 2. no inbound agent, or one that is still a draft or paused: the fallback text;
 * 3. limited mode and a caller who isn't on the test list: the fallback text;
 * 4. an agent in error, or one that Vapi has no assistant for: a person where one can be reached now,
 *    else the fallback text, since nobody chose that it shouldn't answer;
 * 5. the agent's assistant.
 */
export function decideAnswer(
  { agent, settings, flags }: Pick<CallContext, "agent" | "settings" | "flags">,
  { orgId, callerNumber, agentsEnabled, at }: {
    orgId: string;
    callerNumber: string | null;
    agentsEnabled: boolean;
    /** Milliseconds since 1970. */
    at: number;
  },
): AssistantDecision {
  const refuse = (reason: AssistantDecision["reason"]): AssistantDecision => ({
    answer: { kind: "spoken", text: settings.fallback_text.trim() || POLITE_ERROR },
    reason,
  });
  const rescue = (reason: AssistantDecision["reason"]): AssistantDecision => {
    const transfer = decideTransfer(settings, at);
    return transfer.possible
      ? { answer: { kind: "transfer", number: transfer.number, message: null }, reason }
      : refuse(reason);
  };

  if (!agentsEnabled) return refuse("agents_silenced");
  if (!isTierOn("vapi_tier_flags", flags["vapi_tier_flags"], orgId)) return refuse("tier_off");
  if (agent === null || agent.role !== "inbound") return refuse("no_agent");
  if (agent.state === "draft") return refuse("agent_draft");
  if (agent.state === "paused") return refuse("agent_paused");
  if (agent.activation_mode === "limited" && !isTestNumber(callerNumber, settings.test_numbers)) {
    return refuse("not_a_test_number");
  }
  if (agent.state === "error") return rescue("agent_error");
  if (agent.vapi_assistant_id === null) return rescue("no_assistant");
  return {
    answer: { kind: "assistant", assistantId: agent.vapi_assistant_id },
    reason: "answered",
  };
}

/** However it is written: "+250 788-123-456", "00250788123456" and "250788123456" are one number. */
function isTestNumber(number: string | null, testNumbers: readonly string[]): boolean {
  const digits = digitsOf(number ?? "");
  return digits !== "" && testNumbers.some((known) => digitsOf(known) === digits);
}

function digitsOf(number: string): string {
  return number.replace(/\D/g, "").replace(/^0+/, "");
}
