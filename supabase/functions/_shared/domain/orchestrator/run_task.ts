import type { JsonObject } from "../../ports.ts";
import type { AgentEffect } from "../../ports_agents.ts";
import type { AgentDefinition } from "../agents/agent.ts";
import { findAgent } from "../agents/registry.ts";
import { advanceFlow, beginFlow, type FlowMove, repeatQuestion } from "../flows/advance_flow.ts";
import type { Asking } from "../flows/ask_step.ts";
import type { Finish, Flow } from "../flows/flow.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import { isFeatureEnabled } from "../rollout/evaluate_flags.ts";
import { prepareCall, prepareGuard } from "../tools/call_tool.ts";
import type { ToolContext, ToolEffect } from "../tools/tool.ts";
import { headConfirmation } from "./head_confirmation.ts";
import { chooseCurrency, fillAnswer, learnCurrency, recallPlace } from "./recall.ts";
import { say, sayMenu, sayText, type Scene } from "./scene.ts";
import type { TurnAnswer, TurnAsk } from "./turn_input.ts";
import { REFUSAL_WORDS, TURN_WORDS } from "./words.ts";

export type Deciding<Result> = Generator<TurnAsk, Result, TurnAnswer>;

export function describeAsking(scene: Scene, name: string, flow: Flow): Asking {
  return {
    name,
    flow,
    language: scene.language,
    plain: !isFeatureEnabled(scene.input.flags, "hybridFlows"),
  };
}

/** Begins a task of an agent with what is known of it; may come to its end at once. */
export function* beginTask(
  scene: Scene,
  agent: AgentDefinition,
  { name, known = {} }: { name: string; known?: JsonObject },
): Deciding<void> {
  scene.at_work = agent.name;
  const flow = agent.flows[name];
  if (flow === undefined) {
    if (findAgent(agent.name).flows[name] === undefined) {
      throw new Error(`Cannot begin "${name}": ${agent.name} has no such task`);
    }
    // What comes next of a task may be what the organization has not enabled.
    return sayText(scene, TURN_WORDS.unavailable[scene.language]);
  }
  const guard = prepareGuard(flow.finish.tool, describeTools(scene));
  if (guard !== null) {
    const answered = yield { kind: "reads", reads: guard.reads };
    const output = guard.refuse(answered.kind === "reads" ? answered.results : []);
    if (output !== null) {
      scene.agent = agent.name;
      scene.tools.push({ name: flow.finish.tool, refused: "guard" });
      const { language } = scene;
      say(scene, ...flow.finish.say({ output, data: known, language, menu: sayMenu(scene) }));
      if (scene.handed_off_from !== null) remindOfAside(scene);
      return;
    }
  }
  const answer = fillAnswer(scene, agent.name);
  const move = beginFlow(
    describeAsking(scene, name, flow),
    { ...recallPlace(scene, { agent: agent.name, flow, answer }), ...known },
    answer,
  );
  yield* settle(scene, agent, { name, move });
}

/** Takes what was said as an answer to the task's question. Answers whether it was one. */
export function* continueTask(
  scene: Scene,
  agent: AgentDefinition,
  { move }: { move: FlowMove },
): Deciding<void> {
  yield* settle(scene, agent, { name: scene.task!.flow, move });
}

/** What the waiting question makes of what was said; nothing is changed by it. */
export function moveTask(scene: Scene, agent: AgentDefinition): FlowMove {
  scene.at_work = agent.name;
  const { flow: name, step, data } = scene.task!;
  const state = { step, data, failures: scene.memory.failures };
  return advanceFlow(
    describeAsking(scene, name, agent.flows[name]!),
    state,
    fillAnswer(scene, agent.name),
  );
}

/** The question of a task again, after something else came between. */
export function* resumeTask(scene: Scene, agent: AgentDefinition, said: string): Deciding<void> {
  scene.at_work = agent.name;
  const { flow: name, step, data } = scene.task!;
  const state = { step, data, failures: 0 };
  const move = repeatQuestion(describeAsking(scene, name, agent.flows[name]!), state, said);
  yield* settle(scene, agent, { name, move });
}

function* settle(
  scene: Scene,
  agent: AgentDefinition,
  { name, move }: { name: string; move: FlowMove },
): Deciding<void> {
  scene.agent = agent.name;
  if (move.kind !== "cancels") {
    learnCurrency(scene, agent.flows[name]!, move.kind === "asks" ? move.state.data : move.data);
  }
  switch (move.kind) {
    case "asks": {
      const { step, data, failures } = move.state;
      scene.task = { agent: agent.name, flow: name, step, data };
      scene.memory.failures = failures;
      scene.asked = true;
      return say(
        scene,
        step === "confirm"
          ? yield* headConfirmation(move.reply, data, describeTools(scene))
          : move.reply,
      );
    }
    case "cancels":
      endTask(scene);
      return sayText(scene, TURN_WORDS.cancelled[scene.language]);
    case "revises": {
      const { steps } = agent.flows[move.flow]!;
      const known = Object.fromEntries(
        Object.entries(move.data).filter(([step]) => Object.hasOwn(steps, step)),
      );
      endTask(scene);
      return yield* beginTask(scene, agent, { name: move.flow, known });
    }
    case "finishes":
      endTask(scene);
      scene.memory.last = agent.flows[name]!.confirm === null
        ? { agent: agent.name, flow: name, step: "", data: move.data }
        : null;
      yield* finishTask(scene, agent, { finish: agent.flows[name]!.finish, data: move.data });
      if (scene.handed_off_from !== null) remindOfAside(scene);
  }
}

function endTask(scene: Scene): void {
  scene.task = null;
  scene.memory.failures = 0;
}

/** Calls the tool that a task comes to, and says what came of it. */
export function* finishTask(
  scene: Scene,
  agent: AgentDefinition,
  { finish, data }: { finish: Finish; data: JsonObject },
): Deciding<void> {
  scene.at_work = agent.name;
  const { input, language } = scene;
  // What was taken meanwhile is seen by the tool's own reads, which then know what is free instead.
  const refusal = input.refusals?.find(({ code }) => code !== "taken");
  if (refusal !== undefined) {
    const words = REFUSAL_WORDS[refusal.code] ?? TURN_WORDS.failed;
    scene.tools.push({ name: finish.tool, refused: refusal.code });
    return sayText(scene, words[language]);
  }
  const call = prepareCall({
    name: finish.tool,
    arguments: finish.input(data, {
      language,
      currency: chooseCurrency(scene, agent.name),
      now: input.now,
    }),
  }, describeTools(scene));
  if (!call.ok) {
    scene.tools.push({ name: finish.tool, error: call.error });
    // What an organization has switched off is refused; anything else is a mistake of ours.
    if (call.error.includes("switched off")) {
      return sayText(scene, TURN_WORDS.unavailable[language]);
    }
    throw new Error(`Cannot call "${finish.tool}" for ${agent.name}: ${call.error}`);
  }
  const answered = call.reads.length === 0 ? null : yield { kind: "reads", reads: call.reads };
  const results = answered?.kind === "reads" ? answered.results : [];
  const { output, effects } = call.finish(results);
  scene.tools.push({ name: finish.tool });
  scene.effects.push(...effects.filter(isAgentEffect));
  const outcome = { output, data, language, menu: sayMenu(scene) };
  const next = finish.then?.(outcome) ?? null;
  if (next === null) return say(scene, ...finish.say(outcome));
  if (next.said !== undefined) sayText(scene, next.said);
  yield* beginTask(scene, agent, { name: next.flow, known: next.known });
}

/** The person is the contact of the turn, whatever was said. */
export function describeTools(scene: Scene): ToolContext {
  const { input, language } = scene;
  const { turn, settings, now, newId } = input;
  return {
    now,
    channel: "whatsapp",
    language,
    settings: {
      business_hours: (settings.business_hours ?? {}) as JsonObject,
      time_zone: settings.time_zone ?? "UTC",
      language: settings.language,
      transfer_number: null,
      enabled_tools: settings.enabled_tools ?? [],
      currency: chooseCurrency(scene),
    },
    person: { contactId: turn.contact_id, phoneNumber: turn.contact.phone },
    whatsappConnected: true,
    newId,
  };
}

/** Puts the task aside for another agent's; "back" comes to it again. */
export function putAside(scene: Scene): void {
  if (scene.task === null) return;
  scene.memory.aside = [...scene.memory.aside, scene.task];
  endTask(scene);
}

/** What can be gone on with, behind what was said; the last one alone. */
export function remindOfAside(scene: Scene): void {
  const last = scene.memory.aside.at(-1);
  if (last === undefined || scene.task !== null || scene.replies.length === 0) return;
  const title = titleOfTask(last.agent, last.flow, scene);
  if (title === null) return;
  const reminder = `${TURN_WORDS.put_aside[scene.language]} ${title}`;
  const before = scene.replies.at(-1);
  // A task that begins another one ends with it: what is put aside is told once.
  if (before?.type === "text" && before.content.text === reminder) return;
  sayText(scene, reminder);
}

function titleOfTask(agent: FlaggedAgent, flow: string, { language }: Scene): string | null {
  return findAgent(agent).flows[flow]?.title[language] ?? null;
}

const VOICE_EFFECTS = ["take_message", "send_whatsapp", "request_transfer"];

function isAgentEffect(effect: ToolEffect): effect is AgentEffect {
  return !VOICE_EFFECTS.includes(effect.kind);
}
