import type { Json, JsonObject } from "../../ports.ts";
import type { AgentDefinition } from "../agents/agent.ts";
import { foldText } from "../fold_text.ts";
import { findAll, type FlowMove } from "../flows/advance_flow.ts";
import type { Flow } from "../flows/flow.ts";
import { isCorrection } from "../flows/read_reply.ts";
import { classifyText } from "../intent/classify_text.ts";
import { CERTAIN, decideIntent, type IntentDecision } from "../intent/decide_intent.ts";
import { isFeatureEnabled } from "../rollout/evaluate_flags.ts";
import { FLAGGED_AGENTS, type FlaggedAgent } from "../rollout/parse_flags.ts";
import { isBackWord, isCancelWord, isResetWord } from "../session/read_reset_word.ts";
import { answerFromDocuments } from "./answer_from_documents.ts";
import { confirmProposal, converse } from "./converse.ts";
import { listTasks, pickFlow } from "./pick_flow.ts";
import { isRating, sayFarewell, takeRating } from "./rate_session.ts";
import {
  beginTask,
  continueTask,
  type Deciding,
  finishTask,
  moveTask,
  putAside,
  resumeTask,
} from "./run_task.ts";
import { addUsage, openAgent, say, sayMenu, sayText, type Scene, titleOf } from "./scene.ts";
import { searchEverywhere } from "./search_everywhere.ts";
import { TURN_WORDS } from "./words.ts";

/** A sentence: too long for the answer to a question that a word would answer. */
const WORDS_OF_A_SENTENCE = 5;

/**
 * Who takes what was said, in this order: words that reset, a row or button, the active task, the
 * agent of the last five minutes, the agent that the words are for; else the person is asked.
 */
export function* routeTurn(scene: Scene): Deciding<void> {
  const { said } = scene;
  if (said.texts.some(isResetWord)) return yield* reset(scene);
  if (isRating(said)) return yield* takeRating(scene);
  if (said.choice !== null && !said.choice.startsWith("answer:")) return yield* choose(scene);

  const agent = scene.task === null ? null : openAgent(scene, scene.task.agent);
  if (scene.task !== null && agent?.flows[scene.task.flow] !== undefined) {
    return yield* answerTask(scene, agent);
  }
  // Its agent was switched off, or it is of an older version.
  scene.task = null;
  // What a model proposes waits on.
  if (said.unread === "reaction") return sayText(scene, TURN_WORDS.reaction[scene.language]);
  if (scene.memory.proposal !== null && (yield* confirmProposal(scene))) return;
  if (said.choice !== null) return say(scene, sayMenu(scene, TURN_WORDS.closed[scene.language]));
  if (said.text === "" && said.location !== null) return sayTasksOrMenu(scene, "located");
  if (said.unread !== null) return sayTasksOrMenu(scene, said.unread);
  if (said.text === "") return say(scene, sayMenu(scene));
  return yield* understand(scene);
}

function* reset(scene: Scene): Deciding<void> {
  const { said, language, memory } = scene;
  scene.recognised = { intent: null, intent_confidence: null, intent_method: "reset" };
  const wasBusy = scene.task !== null;
  scene.task = null;
  memory.proposal = null;
  memory.failures = 0;
  const aside = memory.aside.at(-1);
  const back = aside === undefined ? null : openAgent(scene, aside.agent);
  if (aside !== undefined && said.texts.some(isBackWord)) {
    memory.aside = memory.aside.slice(0, -1);
    if (back?.flows[aside.flow] !== undefined) {
      scene.task = aside;
      memory.came_from = null;
      return yield* resumeTask(scene, back, TURN_WORDS.resumed[language]);
    }
  }
  memory.aside = [];
  memory.came_from = null;
  scene.agent = "support";
  const cancelled = wasBusy && said.texts.some(isCancelWord);
  if (scene.goes_on) {
    if (cancelled) sayText(scene, TURN_WORDS.cancelled[language]);
    return;
  }
  say(scene, cancelled ? sayMenu(scene, TURN_WORDS.cancelled[language]) : sayMenu(scene));
}

/** A row or button that names an agent, or a task of one with what is known of it. */
function* choose(scene: Scene): Deciding<void> {
  const choice = scene.said.choice!;
  const [kind, name, flow, ...rest] = choice.split(":");
  const agent = FLAGGED_AGENTS.find((known) => known === name);
  if (kind !== "agent" && kind !== "do" || agent === undefined) {
    return say(scene, sayMenu(scene, TURN_WORDS.closed[scene.language]));
  }
  scene.recognised = { intent: agent, intent_confidence: 1, intent_method: "menu" };
  scene.memory.proposal = null;
  const opened = openAgent(scene, agent);
  if (opened === null) return say(scene, sayMenu(scene, TURN_WORDS.unavailable[scene.language]));
  if (scene.task !== null && scene.task.agent !== agent) {
    scene.handed_off_from = scene.task.agent;
    scene.memory.came_from = scene.task.agent;
    putAside(scene);
  }
  scene.task = null;
  scene.agent = agent;
  if (kind === "agent" || flow === undefined || opened.flows[flow] === undefined) {
    // The words beside it say which of its tasks is meant.
    return scene.goes_on ? undefined : sayTasks(scene, opened);
  }
  yield* beginTask(scene, opened, {
    name: flow,
    known: readKnown(scene, rest.join(":"), opened.flows[flow]!),
  });
}

/**
 * `listing_id=…&…`: steps of the task, each with what it accepts. Anybody can send a row that was never
 * offered: what a step wouldn't take as an answer isn't known, and is asked for.
 */
function readKnown({ answer }: Scene, text: string, { steps }: Flow): JsonObject {
  const known: { [step: string]: Json } = {};
  for (const [name = "", value] of text.split("&").map((pair) => pair.split("="))) {
    const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
    if (step === undefined || !value) continue;
    const given = { ...answer, text: value, folded: foldText(value), location: null };
    const written = step.accept.safeParse({ ...given, choice: null });
    const accepted = written.success ? written : step.accept.safeParse({ ...given, choice: value });
    if (accepted.success) known[name] = accepted.data;
  }
  return known;
}

function* answerTask(scene: Scene, agent: AgentDefinition): Deciding<void> {
  const { said, language } = scene;
  scene.recognised = { intent: agent.name, intent_confidence: null, intent_method: "flow" };
  if (said.unread !== null) {
    return yield* resumeTask(scene, agent, TURN_WORDS[said.unread][language]);
  }
  const move = moveTask(scene, agent);
  if (said.choice === null && said.text !== "" && isElsewhere(scene, agent, move)) {
    const decision = decideIntent(classifyText(said.text));
    const isMeant = decision.kind === "agent" && decision.agent !== agent.name &&
      scene.handed_off_from === null &&
      (decision.confidence >= CERTAIN || isSentence(scene));
    if (isMeant) return yield* handOff(scene, agent, decision);
    const other = pickFlow(agent, said.text);
    if (other !== null && other !== scene.task!.flow && !understood(move)) {
      putAside(scene);
      return yield* beginTask(scene, agent, { name: other });
    }
  }
  yield* continueTask(scene, agent, { move });
}

function understood(move: FlowMove): boolean {
  return move.kind !== "asks" || move.understood;
}

/** Whether what was said may be about something else than the question. */
function isElsewhere(scene: Scene, agent: AgentDefinition, move: FlowMove): boolean {
  if (!understood(move)) return true;
  const { flow, step } = scene.task!;
  const asked = agent.flows[flow]!.steps[step];
  // One's own words are what was asked for, whatever they are about.
  const takesAnyWords = asked !== undefined && asked.find === undefined;
  if (takesAnyWords || !isSentence(scene)) return false;
  return move.kind === "asks" && move.state.data[step] === undefined;
}

function isSentence({ answer }: Scene): boolean {
  return answer.folded.split(" ").length >= WORDS_OF_A_SENTENCE;
}

/** No task is active: the recent agent, then the words' own. */
function* understand(scene: Scene): Deciding<void> {
  const { said } = scene;
  const decision = decideIntent(classifyText(said.text));
  const recent = findRecent(scene);
  if (recent !== null && (yield* searchAgain(scene, recent))) return;
  if (recent !== null) {
    const flow = pickFlow(recent, said.text);
    const isOther = decision.kind === "agent" && decision.agent !== recent.name;
    if (!isOther) {
      scene.recognised = {
        intent: recent.name,
        intent_confidence: decision.kind === "agent" ? decision.confidence : null,
        intent_method: "recent_agent",
      };
      if (flow !== null || decision.kind === "agent") {
        return yield* takeUp(scene, recent, flow);
      }
      const named = findByPhrase(scene);
      if (named !== null) {
        return yield* handOff(scene, recent, { agent: named.agent.name, confidence: 1 });
      }
      if (decision.kind !== "talk") return yield* wonder(scene, recent);
    } else if (scene.handed_off_from === null) return yield* handOff(scene, recent, decision);
  }
  yield* begin(scene, decision);
}

/** What was searched last, with what is said otherwise now. */
function* searchAgain(scene: Scene, agent: AgentDefinition): Deciding<boolean> {
  const { last } = scene.memory;
  const flow = last?.agent === agent.name ? agent.flows[last.flow] : undefined;
  if (last === null || flow === undefined || !isCorrection(scene.said.text)) return false;
  const found = findAll(flow, scene.answer);
  if (Object.keys(found).length === 0) return false;
  scene.recognised = { intent: agent.name, intent_confidence: null, intent_method: "recent_agent" };
  yield* beginTask(scene, agent, { name: last.flow, known: { ...last.data, ...found } });
  return true;
}

function* begin(scene: Scene, decision: IntentDecision): Deciding<void> {
  if (decision.kind === "agent") {
    scene.recognised = {
      intent: decision.agent,
      intent_confidence: decision.confidence,
      intent_method: "lexicon",
    };
    const agent = openAgent(scene, decision.agent);
    if (agent !== null) return yield* takeUp(scene, agent, pickFlow(agent, scene.said.text));
    if (yield* answerFromDocuments(scene)) return;
    return say(scene, sayMenu(scene, TURN_WORDS.unavailable[scene.language]));
  }
  if (decision.kind === "talk") {
    scene.recognised = { intent: decision.talk, intent_confidence: null, intent_method: "menu" };
    if (decision.talk === "thanks") {
      return sayText(scene, TURN_WORDS.welcome_thanks[scene.language]);
    }
    if (decision.talk === "farewell") {
      // Whoever goes in the middle of something may come back for it.
      scene.ended = scene.memory.aside.length === 0;
      return sayFarewell(scene);
    }
    return say(scene, sayMenu(scene));
  }
  scene.recognised = {
    intent: decision.agent,
    intent_confidence: decision.agent === null ? null : decision.confidence,
    intent_method: "asked",
  };
  yield* askWho(scene, decision.agent);
}

/** The agent and task whose own words are all that was said: "my applicants". */
function findByPhrase(scene: Scene): { agent: AgentDefinition; flow: string } | null {
  const { folded } = scene.answer;
  for (const name of FLAGGED_AGENTS) {
    const agent = openAgent(scene, name);
    if (agent === null) continue;
    const task = listTasks(agent).find(([, { triggers, title }]) =>
      Object.values(triggers).some((list) => list.split(",").includes(folded)) ||
      Object.values(title).some((each) => foldText(each) === folded)
    );
    if (task !== undefined) return { agent, flow: task[0] };
  }
  return null;
}

/** Nobody is meant for sure: the language model, the documents, a search over all, or the menu. */
function* askWho(scene: Scene, meant: FlaggedAgent | null): Deciding<void> {
  const { input, said, language } = scene;
  const named = findByPhrase(scene);
  if (named !== null) {
    scene.recognised = { intent: named.agent.name, intent_confidence: 1, intent_method: "lexicon" };
    return yield* takeUp(scene, named.agent, named.flow);
  }
  // What the organization says itself comes before what a model makes of it.
  if (yield* answerFromDocuments(scene)) return;
  if (input.has_model) {
    const candidates = FLAGGED_AGENTS.filter((agent) => openAgent(scene, agent) !== null);
    const answered = yield { kind: "classify", text: said.text, language, candidates };
    if (answered.kind === "nothing" && answered.usage) addUsage(scene, answered.usage);
    if (answered.kind === "classify") {
      addUsage(scene, answered.usage);
      const agent = answered.agent === null || answered.confidence < 0.5
        ? null
        : openAgent(scene, answered.agent);
      if (agent !== null) {
        scene.recognised = {
          intent: agent.name,
          intent_confidence: answered.confidence,
          intent_method: "language_model",
        };
        return yield* takeUp(scene, agent, pickFlow(agent, said.text));
      }
    }
  }
  if (isFeatureEnabled(input.flags, "unifiedSearch") && (yield* searchEverywhere(scene))) return;
  const support = openAgent(scene, "support");
  if (support?.otherwise) return yield* wonder(scene, support);
  scene.agent = "support";
  say(scene, sayMenu(scene, TURN_WORDS.unsure[language], meant));
}

/** An agent takes up what was said: a task it names, its usual one, or its list of them. */
export function* takeUp(
  scene: Scene,
  agent: AgentDefinition,
  flow: string | null,
): Deciding<void> {
  scene.agent = agent.name;
  const { data } = scene.carried;
  if (flow !== null) {
    return yield* beginTask(scene, agent, { name: flow, known: pickKnown(agent, flow, data) });
  }
  const isMore = foldText(scene.said.text).split(" ").length > 1;
  if (agent.usual !== undefined && isMore) {
    return yield* beginTask(scene, agent, {
      name: agent.usual,
      known: pickKnown(agent, agent.usual, data),
    });
  }
  yield* wonder(scene, agent);
}

/** Words that begin none of an agent's tasks. */
function* wonder(scene: Scene, agent: AgentDefinition): Deciding<void> {
  scene.agent = agent.name;
  if (yield* converse(scene, agent)) return;
  if (agent.otherwise !== undefined) {
    return yield* finishTask(scene, agent, {
      finish: agent.otherwise,
      data: { text: scene.said.text },
    });
  }
  sayTasks(scene, agent);
}

/**
 * From one agent to another, with what was said and found out. Whoever takes it up keeps it: a turn is
 * handed over once, so that nothing goes back and forth.
 */
export function* handOff(
  scene: Scene,
  from: AgentDefinition,
  { agent: to, confidence }: { agent: FlaggedAgent; confidence: number },
): Deciding<void> {
  const { language } = scene;
  const opened = openAgent(scene, to);
  if (!isFeatureEnabled(scene.input.flags, "crossDomainHandoffs")) {
    scene.agent = from.name;
    const title = titleOf(scene, to);
    return say(scene, {
      type: "buttons",
      content: {
        text: `${TURN_WORDS.elsewhere[language]} ${title}`,
        buttons: [{ id: `agent:${to}`, title }],
      },
    });
  }
  if (opened === null) return say(scene, sayMenu(scene, TURN_WORDS.unavailable[language]));
  scene.recognised = { intent: to, intent_confidence: confidence, intent_method: "lexicon" };
  scene.handed_off_from = from.name;
  scene.memory.came_from = from.name;
  scene.carried = { from: from.name, said: scene.said.text, data: scene.task?.data ?? {} };
  putAside(scene);
  yield* takeUp(scene, opened, pickFlow(opened, scene.said.text));
}

/** Answers to questions of another agent that this task asks as well; words said now come first. */
function pickKnown(agent: AgentDefinition, flow: string, data: JsonObject): JsonObject {
  const { place } = data;
  const step = agent.flows[flow]?.steps["place"];
  return place === undefined || place === null || step === undefined ? {} : { place };
}

function findRecent(scene: Scene): AgentDefinition | null {
  const { recent } = scene;
  // Support is where everything begins: nobody has chosen it by being there.
  return recent === null || recent === "support" ? null : openAgent(scene, recent);
}

function sayTasksOrMenu(
  scene: Scene,
  about: "located" | "voice" | "picture" | "file" | "cart" | "unreadable",
): void {
  const words = TURN_WORDS[about][scene.language];
  const recent = findRecent(scene);
  if (recent === null) return say(scene, sayMenu(scene, words));
  sayTasks(scene, recent, words);
}

/** What an agent can do, as a list. */
function sayTasks(scene: Scene, agent: AgentDefinition, said?: string): void {
  const { language } = scene;
  scene.agent = agent.name;
  const rows = listTasks(agent).map(([name, { title }]) => ({
    id: `do:${agent.name}:${name}`,
    title: title[language],
  }));
  const text = [said, agent.greeting[language]].filter(Boolean).join("\n\n");
  if (rows.length === 0) return sayText(scene, text);
  say(scene, {
    type: "list",
    content: { text, button: TURN_WORDS.tasks[language], sections: [{ rows }] },
  });
}
