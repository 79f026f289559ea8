import type { JsonObject } from "../../ports.ts";
import type { Read, ReadResult } from "../../ports_agents.ts";
import type { Language } from "../session/service_menu.ts";
import { canonicalJson } from "../sync_plan/canonical_json.ts";
import { isForPhone, listPhoneTools } from "./list_phone_tools.ts";
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
 * exception: a tool that isn't known or isn't enabled here, arguments that don't fit. On the phone, what writes is answered with the
 * question to confirm first, and done when the same is asked for again with `confirmed`: what the call
 * has not been asked about, nobody has said yes to.
 */
export function prepareCall(
  { name, arguments: given }: ToolAsked,
  context: ToolContext,
): PreparedCall {
  const refuse = (error: string): PreparedCall => ({ ok: false, error: oneLine(error) });
  if (!isToolName(name)) return refuse(`There is no tool "${name}".`);
  if (!isOffered(name, context)) {
    return refuse(
      isForPhone(name) || context.channel !== "voice"
        ? `The tool "${name}" is switched off here.`
        : `The tool "${name}" is for chats: on the phone there are transfer_to_person and take_message.`,
    );
  }
  if (given === null) return refuse("The arguments could not be read.");

  const tool: Tool = TOOLS[name];
  const input = readInput(tool, given, context);
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

/** An organization that has enabled nothing in particular has all tools in chat, its role's on the phone. */
export function isOffered(
  name: ToolName,
  { channel, settings: { enabled_tools }, role }: ToolContext,
): boolean {
  if (channel === "voice") return listPhoneTools(enabled_tools, role ?? null).includes(name);
  return enabled_tools.length === 0 || enabled_tools.includes(name);
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

/** A currency that the person was told to reckon in comes before the organization's. */
function readInput(
  { input, defaults }: Tool,
  given: JsonObject,
  { settings, preferences }: ToolContext,
) {
  const currency = preferences?.currency ?? settings.currency;
  const known = currency === undefined ? settings : { ...settings, currency };
  return input.safeParse({ ...defaults?.(known), ...given });
}

/** The questions of the conversation that were about exactly this. */
function findQuestions(
  name: ToolName,
  input: unknown,
  context: ToolContext,
): string[] {
  const { questions = [] } = context;
  const wanted = canonicalJson(input);
  return questions.filter((question) => {
    if (question.tool !== name) return false;
    const asked = readInput(TOOLS[name], question.arguments, context);
    return asked.success && canonicalJson(asked.data) === wanted;
  }).map(({ tool_call_id }) => tool_call_id);
}

/** A line break inside a result makes Vapi drop all of it. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 1000);
}
