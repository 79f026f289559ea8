import type { JsonObject } from "../../ports.ts";
import type { Read, ReadResult } from "../../ports_agents.ts";
import type { Language } from "../session/service_menu.ts";
import { canonicalJson } from "../sync_plan/canonical_json.ts";
import { isToolName, type ToolName, TOOLS } from "./registry.ts";
import {
  languageOf,
  type Tool,
  type ToolContext,
  type ToolEffect,
  type ToolOutput,
} from "./tool.ts";

export type ToolOutcome = {
  /** One line of JSON, or null. */
  result: string | null;
  /** One line that can be said, or null. */
  error: string | null;
  effects: ToolEffect[];
};

export type ToolAsked = { name: string; arguments: JsonObject | null };

/** A call that is understood: what to read, and what comes of it. */
export type PreparedCall =
  | { ok: false; error: string }
  | {
    ok: true;
    /** What of the arguments counts: what the tool does not know is gone. */
    input: JsonObject;
    reads: Read[];
    /** Of what may be out of reach: what to read before anything is asked, and the refusal or null. */
    guard: {
      reads: Read[];
      refuse(results: readonly ReadResult[]): ToolOutput | null;
    } | null;
    /** A sentence to confirm; null where nothing is written. */
    confirm: ((language: Language) => string) | null;
    /** On the phone: the questions that this was said yes to, by their tool calls. */
    confirms: string[];
    finish(results: readonly ReadResult[]): { output: ToolOutput; effects: ToolEffect[] };
  };

/**
 * Understands a tool call without doing it. Whatever a model asks for is an answer and never an
 * exception: a tool that isn't known or isn't enabled here, arguments that don't fit. An organization
 * that has enabled nothing in particular has all tools. On the phone, what writes is answered with the
 * question to confirm first, and done when the same is asked for again with `confirmed`: what the call
 * has not been asked about, nobody has said yes to.
 */
export function prepareCall(
  { name, arguments: given }: ToolAsked,
  context: ToolContext,
): PreparedCall {
  const refuse = (error: string): PreparedCall => ({ ok: false, error: oneLine(error) });
  const { enabled_tools } = context.settings;
  if (!isToolName(name)) return refuse(`There is no tool "${name}".`);
  if (enabled_tools.length > 0 && !enabled_tools.includes(name)) {
    return refuse(`The tool "${name}" is switched off here.`);
  }
  if (given === null) return refuse("The arguments could not be read.");

  const tool: Tool = TOOLS[name];
  // What isn't an argument of the tool is dropped by its schema.
  const currency = context.preferences?.currency ?? null;
  const input = tool.input.safeParse(currency === null ? given : { currency, ...given });
  if (!input.success) {
    const wrong = input.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    return refuse(`The arguments do not fit: ${wrong.join("; ")}`);
  }
  const confirm = tool.confirm ? (language: Language) => tool.confirm!(input.data, language) : null;
  const guard = prepareGuard(name, context);
  // On the phone only the assistant hears the yes: it has to say that there was one.
  const confirms = confirm !== null && given["confirmed"] === true
    ? findQuestions(name, input.data, context)
    : [];
  const understood = {
    ok: true as const,
    input: input.data as JsonObject,
    guard,
    confirm,
    confirms,
  };
  if (confirm !== null && context.channel === "voice" && confirms.length === 0) {
    const message = `Nothing is done yet. Ask the caller: "${
      oneLine(confirm(languageOf(context)))
    }" After a yes call this again with "confirmed": true.`;
    // `ingest_vapi_event` knows a question by its `confirmed`.
    const output = { message, confirmed: false };
    return {
      ...understood,
      reads: guard?.reads ?? [],
      finish: (results) => ({ output: guard?.refuse(results) ?? output, effects: [] }),
    };
  }
  return {
    ...understood,
    reads: tool.reads?.(input.data, context) ?? [],
    finish(results) {
      const { output, effects } = tool.act(input.data, context, results);
      return { output: tool.output.parse(output), effects };
    },
  };
}

/** What keeps a person from a tool, before it is known what they want of it. */
export function prepareGuard(
  name: ToolName,
  context: ToolContext,
): (PreparedCall & { ok: true })["guard"] {
  const tool: Tool = TOOLS[name];
  if (tool.guard === undefined) return null;
  const { reads, refuse } = tool.guard;
  return {
    reads: [...reads],
    refuse(results) {
      const refused = refuse(context, results);
      return refused === null ? null : tool.output.parse(refused);
    },
  };
}

/** What a tool call comes to. `results`: of the reads that `prepareCall` named. */
export function callTool(
  asked: ToolAsked,
  context: ToolContext,
  results: readonly ReadResult[] = [],
): ToolOutcome {
  const call = prepareCall(asked, context);
  if (!call.ok) return { result: null, error: call.error, effects: [] };
  const { output, effects } = call.finish(results);
  return { result: JSON.stringify(output), error: null, effects };
}

/** The questions of the conversation that were about exactly this. */
function findQuestions(
  name: ToolName,
  input: unknown,
  { questions = [] }: ToolContext,
): string[] {
  const wanted = canonicalJson(input);
  return questions.filter((question) => {
    if (question.tool !== name) return false;
    const asked = TOOLS[name].input.safeParse(question.arguments);
    return asked.success && canonicalJson(asked.data) === wanted;
  }).map(({ tool_call_id }) => tool_call_id);
}

/** A line break inside a result makes Vapi drop all of it. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 1000);
}
