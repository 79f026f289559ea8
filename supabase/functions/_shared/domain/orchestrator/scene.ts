import type { Json, JsonObject } from "../../ports.ts";
import type { AgentEffect } from "../../ports_agents.ts";
import type { AgentEvent, WaitingMessage } from "../../ports_messaging.ts";
import type { AgentDefinition } from "../agents/agent.ts";
import { hasTasks, narrowAgent } from "../agents/narrow_agent.ts";
import { findAgent } from "../agents/registry.ts";
import type { Answer } from "../flows/answer.ts";
import type { OutboundContent } from "../outbox/outbound_content.ts";
import { isAgentEnabled } from "../rollout/evaluate_flags.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import { buildServiceMenu, type Language, nameService } from "../session/service_menu.ts";
import { keepOffered } from "./keep_offered.ts";
import type { Memory, Task } from "./memory.ts";
import type { Said } from "./read_said.ts";
import type { ModelUsage, TurnInput } from "./turn_input.ts";

/** What was recognised, as the turn's event records it. */
export type Recognised = Required<
  Pick<AgentEvent, "intent" | "intent_confidence" | "intent_method">
>;

/** One turn while it is decided: what was said, and what comes of it so far. */
export type Scene = {
  readonly input: TurnInput;
  /** What is answered now: a burst may have several parts (`divide_burst.ts`). */
  said: Said;
  answer: Answer;
  /** The messages that say it. */
  heard: readonly WaitingMessage[];
  /** Another part is answered behind this one, and asks whatever is to be asked. */
  goes_on: boolean;
  /** The last reply is the question that waits. */
  asked: boolean;
  /** The agent of the last five minutes, or of the part before. */
  recent: FlaggedAgent | null;
  readonly language: Language;
  memory: Memory;
  /** The task that is being done, with the question that waits. */
  task: Task | null;
  agent: FlaggedAgent | null;
  /** Who works on what was said, once somebody does: whose mistake it is where that throws. */
  at_work: FlaggedAgent | null;
  handed_off_from: FlaggedAgent | null;
  recognised: Recognised;
  replies: OutboundContent[];
  effects: AgentEffect[];
  tools: Json[];
  usage: ModelUsage;
  /** What a handoff in this turn brings along: who had it, what was asked, what is known. */
  carried: { from?: FlaggedAgent; said?: string; data: JsonObject };
  preferences: JsonObject;
  /** What else the turn's event says. */
  details: JsonObject;
  /** The person has taken their leave, or doesn't want to hear from us: the next message begins anew. */
  ended: boolean;
};

/** Switched on for this organization, with something left to do of what it has enabled. */
export function isAvailable({ input }: Scene, agent: FlaggedAgent): boolean {
  if (
    !isAgentEnabled(input.flags, agent) || input.turn.limits.switched_off_agents.includes(agent)
  ) return false;
  // Support has the menu, whatever else it can do.
  return agent === "support" ||
    hasTasks(narrowAgent(findAgent(agent), input.settings.enabled_tools ?? []));
}

/** The agent, where it is available, with the tasks that are enabled. */
export function openAgent(scene: Scene, name: FlaggedAgent): AgentDefinition | null {
  return isAvailable(scene, name)
    ? narrowAgent(findAgent(name), scene.input.settings.enabled_tools ?? [])
    : null;
}

/** The services as a list, under a sentence in place of the welcome; what is meant comes first. */
export function sayMenu(
  scene: Scene,
  note: string | null = null,
  first: FlaggedAgent | null = null,
): OutboundContent {
  return buildServiceMenu(scene.language, (agent) => isAvailable(scene, agent), { note, first });
}

/** What a service is called in the menu; empty where it is switched off. */
export function titleOf(scene: Scene, agent: FlaggedAgent): string {
  return nameService(scene.language, agent, (each) => isAvailable(scene, each)) ?? "";
}

export function say(scene: Scene, ...replies: OutboundContent[]): void {
  const enabled = scene.input.settings.enabled_tools ?? [];
  scene.replies.push(...replies.map((reply) => keepOffered(reply, enabled)));
}

export function sayText(scene: Scene, text: string): void {
  say(scene, { type: "text", content: { text } });
}

export function addUsage(scene: Scene, usage: Scene["usage"]): void {
  const add = (left: number | null, right: number | null) =>
    left === null && right === null ? null : (left ?? 0) + (right ?? 0);
  scene.usage = {
    input_tokens: add(scene.usage.input_tokens, usage.input_tokens),
    output_tokens: add(scene.usage.output_tokens, usage.output_tokens),
    cost_usd: add(scene.usage.cost_usd, usage.cost_usd),
  };
}
