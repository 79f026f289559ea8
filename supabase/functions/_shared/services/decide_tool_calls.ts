import { prepareCall, type PreparedCall } from "../domain/tools/call_tool.ts";
import { languageOf, type ToolContext, type ToolEffect } from "../domain/tools/tool.ts";
import type { Clock, JsonObject } from "../ports.ts";
import type { EffectRefusal, Read, ReadResult } from "../ports_agents.ts";
import type { RecordToolCallsInput, ToolCallAsked } from "../ports_calls.ts";
import { readForTools, type ReadPorts } from "./read_for_tools.ts";

/** The answer has to be stored in the time that is left. */
const READ_MILLISECONDS = 5_000;

export const NOT_NOW = "That is not possible at the moment.";

/** Why a tool call's effects were not written the last time, and the questions it took a yes from. */
export type RefusedCalls = Map<string, { code: EffectRefusal["code"]; confirms: string[] }>;

type Asked = ToolCallAsked & { id: string };
type Decided = { output: JsonObject | null; error: string | null; effects: ToolEffect[] };
type Input = {
  org_id: string;
  asked: Asked[];
  context: ToolContext;
  refused: RefusedCalls;
  /** Nothing may be refused any more: what still wants to write is told why it can't. */
  isLast: boolean;
  signal: AbortSignal;
};

/**
 * What the tool calls of one message come to, with everything they read in one round trip. One that
 * was refused sees by its own reads what is free instead; where it would only do the same again, the
 * refusal is its answer.
 */
export async function decideToolCalls(
  ports: ReadPorts & { clock: Clock },
  { org_id, asked, context, refused, isLast, signal }: Input,
): Promise<RecordToolCallsInput["tool_calls"]> {
  const began = ports.clock();
  const used = [...refused.values()].filter(({ code }) => code === "unconfirmed")
    .flatMap(({ confirms }) => confirms);
  const unused = {
    ...context,
    questions: (context.questions ?? []).filter(({ tool_call_id }) => !used.includes(tool_call_id)),
  };
  const prepared = asked.map((asking) => prepareCall(asking, unused));
  const results = await readAll(ports, {
    org_id,
    contact_id: context.person.contactId,
    reads: prepared.map((each) => each.ok ? each.reads : []),
    signal,
  });
  // What turns say of refusals, loaded with the first one: an acknowledgement doesn't wait for it.
  const words = refused.size === 0 ? null : await import("../domain/orchestrator/words.ts");
  const explain = (code: EffectRefusal["code"]) =>
    (words?.REFUSAL_WORDS[code] ?? words?.TURN_WORDS.failed)?.[languageOf(context)] ?? NOT_NOW;
  return asked.map((asking, place) => {
    const call = prepared[place]!;
    const code = refused.get(asking.id)?.code;
    const { output, error, effects } = settle(decide(call, results[place]!), {
      code,
      isLast,
      explain,
    });
    return {
      tool_call_id: asking.id,
      tool: asking.name,
      arguments: asking.arguments ?? {},
      result: output === null ? null : JSON.stringify(output),
      error,
      duration_ms: ports.clock() - began,
      effects: effects.map((effect): JsonObject => ({ ...effect })),
      confirms: call.ok ? call.confirms : [],
    };
  });
}

/** Another try is worth something where the reads may differ, or a question is to be asked again. */
function settle(
  decided: Decided,
  { code, isLast, explain }: {
    code: EffectRefusal["code"] | undefined;
    isLast: boolean;
    explain: (code: EffectRefusal["code"]) => string;
  },
): Decided {
  const isOpen = code === undefined || code === "taken" || code === "unconfirmed";
  if (code === undefined || decided.effects.length === 0 || (isOpen && !isLast)) return decided;
  return { output: { message: explain(code), refused: code }, error: null, effects: [] };
}

function decide(prepared: PreparedCall, results: ReadResult[] | null): Decided {
  if (!prepared.ok) return { output: null, error: prepared.error, effects: [] };
  if (results === null) return { output: null, error: NOT_NOW, effects: [] };
  return { error: null, ...prepared.finish(results) };
}

/** Of each call, in one round trip for all; null for those whose rows can't be read now. */
async function readAll(
  ports: ReadPorts,
  { org_id, contact_id, reads, signal }: {
    org_id: string;
    contact_id: string | null;
    reads: Read[][];
    signal: AbortSignal;
  },
): Promise<(ReadResult[] | null)[]> {
  if (reads.every(({ length }) => length === 0)) return reads.map(() => []);
  try {
    const results = await readForTools(ports, {
      org_id,
      contact_id,
      reads: reads.flat(),
      signal: AbortSignal.any([signal, AbortSignal.timeout(READ_MILLISECONDS)]),
    });
    return reads.map(({ length }) => results.splice(0, length));
  } catch (error) {
    ports.logger.error("What tools need could not be read", { org_id, error });
    return reads.map(({ length }) => length === 0 ? [] : null);
  }
}
