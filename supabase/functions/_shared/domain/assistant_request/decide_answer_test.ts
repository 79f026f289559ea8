import assert from "node:assert/strict";
import type { JsonObject } from "../../ports.ts";
import type { AnsweringAgent, CallAnswer, CallSettings } from "../../ports_calls.ts";
import { type AssistantDecision, decideAnswer, POLITE_ERROR } from "./decide_answer.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const CALLER = "+250788123456";
const PERSON = "+250788000009";
/** A Monday, 10:00 UTC. */
const AT = Date.UTC(2026, 10, 23, 10);

const settings: CallSettings = {
  business_hours: { monday: ["08:00-17:00"] },
  time_zone: "UTC",
  language: "en",
  fallback_text: "Please call again later.",
  transfer_number: null,
  test_numbers: [],
  enabled_tools: [],
  phone_knowledge_mode: "query_tool",
};
const agent: AnsweringAgent = {
  id: "agent-1",
  role: "inbound",
  state: "active",
  activation_mode: "full",
  vapi_assistant_id: "assistant-1",
};
const fallback: CallAnswer = { kind: "spoken", text: "Please call again later." };
const assistant: CallAnswer = { kind: "assistant", assistantId: "assistant-1" };
const person: CallAnswer = { kind: "transfer", number: PERSON, message: null };

type Case = {
  agent?: Partial<AnsweringAgent> | null;
  settings?: Partial<CallSettings>;
  flags?: JsonObject;
  callerNumber?: string | null;
  agentsEnabled?: boolean;
  at?: number;
};

function decide(given: Case): AssistantDecision {
  return decideAnswer(
    {
      agent: given.agent === null ? null : { ...agent, ...given.agent },
      settings: { ...settings, ...given.settings },
      flags: given.flags ?? {},
    },
    {
      orgId: ORG,
      callerNumber: CALLER,
      agentsEnabled: true,
      at: AT,
      ...given,
    },
  );
}

Deno.test("who takes an inbound call", async (test) => {
  const limited = { activation_mode: "limited" as const };
  const reachable = { transfer_number: PERSON };
  const sunday = AT - 24 * 3600_000;
  const cases: [string, Case, CallAnswer, AssistantDecision["reason"]][] = [
    ["active, full", {}, assistant, "answered"],
    ["outside opening hours too", { at: sunday }, assistant, "answered"],
    ["agents silenced", { agentsEnabled: false }, fallback, "agents_silenced"],
    [
      "silenced, although a person could be reached",
      { agentsEnabled: false, settings: reachable },
      fallback,
      "agents_silenced",
    ],
    ["tier off", { flags: { vapi_tier_flags: { enabled: false } } }, fallback, "tier_off"],
    ["tier at 0 %", { flags: { vapi_tier_flags: { rolloutPercent: 0 } } }, fallback, "tier_off"],
    [
      "tier at 0 %, allowed here",
      { flags: { vapi_tier_flags: { rolloutPercent: 0, allow: [ORG] } } },
      assistant,
      "answered",
    ],
    ["denied here", { flags: { vapi_tier_flags: { deny: [ORG] } } }, fallback, "tier_off"],
    ["malformed flags", { flags: { vapi_tier_flags: { enabled: "no" } } }, assistant, "answered"],
    [
      "WhatsApp's kill switch is not ours",
      { flags: { unified_service_flags: { unifiedServiceEnabled: false } } },
      assistant,
      "answered",
    ],
    ["no agent", { agent: null }, fallback, "no_agent"],
    ["the outbound agent", { agent: { role: "outbound" } }, fallback, "no_agent"],
    ["draft", { agent: { state: "draft" } }, fallback, "agent_draft"],
    ["paused", { agent: { state: "paused" } }, fallback, "agent_paused"],
    [
      "paused, although a person could be reached",
      { agent: { state: "paused" }, settings: reachable },
      fallback,
      "agent_paused",
    ],
    ["error", { agent: { state: "error" } }, fallback, "agent_error"],
    [
      "error, a person is there",
      { agent: { state: "error" }, settings: reachable },
      person,
      "agent_error",
    ],
    [
      "error, nobody is there",
      { agent: { state: "error" }, settings: reachable, at: sunday },
      fallback,
      "agent_error",
    ],
    ["no assistant", { agent: { vapi_assistant_id: null } }, fallback, "no_assistant"],
    [
      "no assistant, a person is there",
      { agent: { vapi_assistant_id: null }, settings: reachable },
      person,
      "no_assistant",
    ],
    ["limited, a stranger", { agent: limited }, fallback, "not_a_test_number"],
    [
      "limited, a tester, written otherwise",
      { agent: limited, settings: { test_numbers: ["00250 788-123-456"] } },
      assistant,
      "answered",
    ],
    [
      "limited, another's number",
      { agent: limited, settings: { test_numbers: ["+250788123457"] } },
      fallback,
      "not_a_test_number",
    ],
    [
      "limited, a withheld number",
      { agent: limited, settings: { test_numbers: ["", CALLER] }, callerNumber: null },
      fallback,
      "not_a_test_number",
    ],
    [
      "limited and in error, a stranger",
      { agent: { ...limited, state: "error" }, settings: reachable },
      fallback,
      "not_a_test_number",
    ],
    [
      "no text of its own",
      { agent: { state: "paused" }, settings: { fallback_text: " " } },
      { kind: "spoken", text: POLITE_ERROR },
      "agent_paused",
    ],
  ];
  for (const [name, given, answer, reason] of cases) {
    await test.step(name, () => assert.deepEqual(decide(given), { answer, reason }));
  }
});
