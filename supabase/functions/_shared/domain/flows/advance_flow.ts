import type { Json } from "../../ports.ts";
import { calendarDay } from "../entities/read_date.ts";
import { foldText } from "../fold_text.ts";
import type { OutboundContent } from "../outbox/outbound_content.ts";
import { canonicalJson } from "../sync_plan/canonical_json.ts";
import type { Answer } from "./answer.ts";
import { answerId, type Asking, askStep, offerHelp, readBack, stepKey } from "./ask_step.ts";
import type { Data, Flow, Step } from "./flow.ts";
import { isCorrection, readReply, type Reply } from "./read_reply.ts";
import { FLOW_WORDS } from "./words.ts";

/** Where somebody is in a flow: the question that waits, and how often its answer wasn't understood. */
export type FlowState = { step: string; data: Data; failures: number };

export type FlowMove =
  /** `understood`: whether what was said belonged to the flow. */
  | { kind: "asks"; state: FlowState; reply: OutboundContent; understood: boolean }
  /** All is known, and confirmed where that is wanted. */
  | { kind: "finishes"; data: Data }
  /** An answer has changed, and with it what another task of the agent told. */
  | { kind: "revises"; flow: string; data: Data }
  | { kind: "cancels" };

/** After so many answers that weren't understood, help is offered. */
const FAILURES_BEFORE_HELP = 2;

/** Begins a flow with what is known already and with what the first words say of it. */
export function beginFlow(begun: Asking, known: Data, answer: Answer): FlowMove {
  const asking = dateAsking(begun, answer);
  const data = { ...findAll(asking.flow, answer), ...known };
  const said = readBack(asking.flow, pick(data, Object.keys(asking.flow.steps)), {
    language: answer.language,
    today: asking.today,
  });
  return goOn(asking, data, said === "" || openStep(asking.flow, data) === null ? "" : said);
}

/** The question that waits, asked again: somebody came back. */
export function repeatQuestion(asking: Asking, state: FlowState, said = ""): FlowMove {
  const step = state.step in asking.flow.steps || isOwn(state.step)
    ? state.step
    : openStep(asking.flow, state.data) ?? "confirm";
  return {
    kind: "asks",
    state: { ...state, step },
    reply: askStep(asking, { step, data: state.data, said }),
    understood: true,
  };
}

/**
 * Takes an answer to the question that waits. One message may answer several, and may correct what
 * was answered before. Nothing is done here: the end of it is what to ask next, or what is known.
 */
export function advanceFlow(begun: Asking, state: FlowState, given: Answer): FlowMove {
  const asking = dateAsking(begun, given);
  const move = takeAnswer(asking, state, given);
  const { revised_by } = asking.flow;
  if (revised_by === undefined || move.kind !== "asks" || move.state.step !== "confirm") {
    return move;
  }
  const { data } = move.state;
  return changes(data, state.data) ? { kind: "revises", flow: revised_by, data } : move;
}

function takeAnswer(asking: Asking, state: FlowState, given: Answer): FlowMove {
  const { flow } = asking;
  const { step, data } = state;
  const prefix = answerId(asking.name, stepKey(step, data), "");
  // A button of a question that is no longer asked answers nothing.
  if (given.choice !== null && !given.choice.startsWith(prefix)) {
    return repeatQuestion(asking, state);
  }
  const answer = {
    ...given,
    choice: given.choice === null ? null : given.choice.slice(prefix.length),
  };
  const reply = answer.choice ?? readReply(answer.text);
  if (reply === "cancel") return { kind: "cancels" };
  if (reply === "help") return help(asking, { ...state, failures: FAILURES_BEFORE_HELP });
  if (step === "confirm") return confirm(asking, state, { answer, reply });
  if (step === "change") return change(asking, state, answer);

  const asked = flow.steps[step];
  if (asked === undefined) return goOn(asking, data);
  if (asked.optional && reply === "skip") return goOn(asking, { ...data, [step]: null });
  const found = findAll(flow, answer);
  const others = without(found, step);
  if (isCorrection(answer.text) && changes(others, data)) {
    return goOn(asking, { ...data, ...found }, describe(asking, found));
  }
  const accepted = asked.accept.safeParse(answer);
  if (accepted.success) {
    const more = pickBesides(flow, { asked, others, data });
    return goOn(asking, { ...data, ...more, [step]: accepted.data });
  }
  if (changes(others, data)) return goOn(asking, { ...data, ...others }, describe(asking, others));
  return fail(asking, state, asked.on_error[answer.language]);
}

function confirm(
  asking: Asking,
  state: FlowState,
  { answer, reply }: { answer: Answer; reply: Reply | string | null },
): FlowMove {
  // A button carries what it confirms; a word means what its writer had read.
  if (reply === "yes" && answer.choice === null && answer.is_early) {
    return repeatQuestion(asking, state);
  }
  if (reply === "yes") return { kind: "finishes", data: state.data };
  if (reply === "no") return askChange(asking, state.data);
  const found = { ...findAll(asking.flow, answer), ...reviseAll(asking.flow, state.data, answer) };
  if (changes(found, state.data)) return goOn(asking, { ...state.data, ...found });
  return fail(asking, state, asking.flow.confirm?.[answer.language] ?? "");
}

/** Nothing to change is a refusal, one thing is asked for at once. */
function askChange(asking: Asking, data: Data): FlowMove {
  const { steps } = asking.flow;
  const [only, ...others] = Object.keys(steps).filter((each) => each in data && !steps[each]!.told);
  if (only === undefined) return { kind: "cancels" };
  if (others.length > 0) return ask(asking, { step: "change", data, failures: 0 });
  return ask(asking, { step: only, data: without(data, only), failures: 0 });
}

function change(asking: Asking, state: FlowState, answer: Answer): FlowMove {
  const { flow } = asking;
  const named = Object.keys(flow.steps).filter((step) => !flow.steps[step]!.told).find((step) =>
    answer.choice === step ||
    (answer.text !== "" && foldText(flow.steps[step]!.label[answer.language]) === answer.folded)
  );
  if (named !== undefined) {
    // Only the next question hangs on it: the other answers stay.
    return ask(asking, { step: named, data: without(state.data, named), failures: 0 });
  }
  const found = { ...findAll(flow, answer), ...reviseAll(flow, state.data, answer) };
  if (changes(found, state.data)) return goOn(asking, { ...state.data, ...found });
  return fail(asking, state, FLOW_WORDS[answer.language].which);
}

function fail(asking: Asking, state: FlowState, said: string): FlowMove {
  const failed = { ...state, failures: state.failures + 1 };
  if (failed.failures >= FAILURES_BEFORE_HELP) return help(asking, failed);
  return {
    kind: "asks",
    state: failed,
    reply: askStep(asking, { ...state, said }),
    understood: false,
  };
}

function help(asking: Asking, state: FlowState): FlowMove {
  return { kind: "asks", state, reply: offerHelp(asking, state), understood: false };
}

function goOn(asking: Asking, data: Data, said = ""): FlowMove {
  const open = openStep(asking.flow, data);
  if (open === null && asking.flow.confirm === null) return { kind: "finishes", data };
  return ask(asking, { step: open ?? "confirm", data, failures: 0 }, said);
}

function ask(asking: Asking, state: FlowState, said = ""): FlowMove {
  return {
    kind: "asks",
    state,
    reply: askStep(asking, { ...state, said }),
    understood: true,
  };
}

/** The first step on the way that has no answer yet; null at the end of it. */
function openStep(flow: Flow, data: Data): string | null {
  const names = Object.keys(flow.steps);
  const visited = new Set<string>();
  let name: string | null = names[0] ?? null;
  while (name !== null && !visited.has(name)) {
    visited.add(name);
    const step: Flow["steps"][string] | undefined = flow.steps[name];
    if (step === undefined) return null;
    if (!(name in data)) return name;
    name = step.next ? step.next(data) : names[names.indexOf(name) + 1] ?? null;
  }
  return null;
}

/** What the words say of any step, where it can be nothing else. */
export function findAll(flow: Flow, answer: Answer): Data {
  const found: { [step: string]: Json } = {};
  for (const [name, { find }] of Object.entries(flow.steps)) {
    const value = find?.(answer);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** What the words make of answers that are known. */
function reviseAll(flow: Flow, data: Data, answer: Answer): Data {
  const revised: { [step: string]: Json } = {};
  for (const [name, { revise }] of Object.entries(flow.steps)) {
    const before = data[name];
    const value = before === undefined || answer.choice !== null
      ? undefined
      : revise?.(answer, before);
    if (value !== undefined) revised[name] = value;
  }
  return revised;
}

/**
 * What the answer to one question says of others. A text of one's own words corrects none, and the
 * money in it is part of the text.
 */
function pickBesides(
  flow: Flow,
  { asked, others, data }: { asked: Step; others: Data; data: Data },
): Data {
  if (asked.find !== undefined && !asked.prose) return others;
  const isOpen = (name: string) =>
    !(name in data) && (asked.find !== undefined || !flow.steps[name]?.money);
  return pick(others, Object.keys(others).filter(isOpen));
}

function describe(asking: Asking, found: Data): string {
  const { noted } = FLOW_WORDS[asking.language];
  return `${noted}: ${readBack(asking.flow, found, asking).replaceAll("\n", ", ")}`;
}

/** Dates are read back as seen from the day of the answer. */
function dateAsking(asking: Asking, { now, time_zone }: Answer): Asking {
  return { ...asking, today: calendarDay(now, time_zone) };
}

function changes(found: Data, data: Data): boolean {
  return Object.entries(found).some(([name, value]) =>
    data[name] === undefined || canonicalJson(value) !== canonicalJson(data[name])
  );
}

const isOwn = (step: string) => step === "confirm" || step === "change";

function without(data: Data, name: string): Data {
  return pick(data, Object.keys(data).filter((each) => each !== name));
}

function pick(data: Data, names: readonly string[]): Data {
  return Object.fromEntries(
    names.flatMap((name) => data[name] === undefined ? [] : [[name, data[name]]]),
  );
}
