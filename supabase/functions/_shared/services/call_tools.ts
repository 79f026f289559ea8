import { prepareCall, type PreparedCall } from "../domain/tools/call_tool.ts";
import type { ToolContext, ToolEffect, ToolOutput } from "../domain/tools/tool.ts";
import { AppError } from "../errors.ts";
import type { Clock, JsonObject } from "../ports.ts";
import type {
  CallAnswer,
  CallContext,
  CallMessage,
  CallStore,
  StoredToolResult,
  ToolCallAsked,
} from "../ports_calls.ts";
import type { Read, ReadResult } from "../ports_agents.ts";
import { type CallDelivery, ingestCallMessage, type IngestPorts } from "./ingest_call_message.ts";
import { readForTools, type ReadPorts } from "./read_for_tools.ts";

/** A person is on the line and hears nothing meanwhile. */
const TOOLS_MILLISECONDS = 8_000;

/** The answer has to be stored in the time that is left. */
const READ_MILLISECONDS = 5_000;

const NOT_NOW = "That is not possible at the moment.";

type Ports = IngestPorts & ReadPorts & {
  calls: CallStore;
  clock: Clock;
  agentsEnabled: boolean;
};
type ToolsDelivery = CallDelivery & {
  message: CallMessage & { kind: "tool-calls" };
};
type Identified = ToolCallAsked & { id: string };

/**
 * Runs the tool calls of one message: decided in memory, then applied and stored in one transaction.
 * There is one result for each, whatever happens; one that was answered before is answered the same
 * again and does nothing.
 * @throws AppError `unauthenticated`
 */
export async function callTools(
  ports: Ports,
  delivery: ToolsDelivery,
): Promise<CallAnswer> {
  const asked = delivery.message.tool_calls;
  const identified = asked.filter((call): call is Identified => call.id !== null);
  let answered: StoredToolResult[] = [];
  try {
    answered = await answerTools(ports, delivery, identified);
  } catch (error) {
    if (error instanceof AppError && error.code === "unauthenticated") {
      throw error;
    }
    ports.logger.error("Failed to mark event as processed", {
      call_id: delivery.message.call?.id,
      event_type: "tool-calls",
      error,
    });
  }
  const results = asked.map(({ id, name }): StoredToolResult => {
    const unanswered = {
      tool_call_id: id ?? "",
      tool: name,
      result: null,
      error: NOT_NOW,
    };
    return answered.find(({ tool_call_id }) => tool_call_id === id) ??
      unanswered;
  });
  return { kind: "tool-results", results };
}

async function answerTools(
  ports: Ports,
  delivery: ToolsDelivery,
  asked: Identified[],
): Promise<StoredToolResult[]> {
  const { calls, clock, agentsEnabled, logger } = ports;
  const signal = AbortSignal.timeout(TOOLS_MILLISECONDS);
  const ingested = await ingestCallMessage(ports, delivery, {
    answer: true,
    toolCallIds: asked.map(({ id }) => id),
    signal,
  });
  if (ingested.code === "organization_unknown" || ingested.context === null) {
    return [];
  }
  const { context, org_id } = ingested;
  const { call, stored_results: stored } = context;
  if (call === null) return [];
  const fresh = asked.filter(({ id }) => !stored.some(({ tool_call_id }) => tool_call_id === id));
  if (fresh.length === 0) return stored;
  if (!agentsEnabled) {
    logger.warn("Tool calls refused: agents are silenced", {
      org_id,
      call_id: call.vapi_call_id,
    });
    return stored;
  }

  const toolContext = describeContext(context, clock());
  const began = clock();
  const prepared = fresh.map((asking) => prepareCall(asking, toolContext));
  const results = await readAll(ports, {
    org_id,
    contact_id: call.contact_id,
    reads: prepared.map((each) => each.ok ? each.reads : []),
    signal,
  });
  const decided = fresh.map((asking, place) => {
    const { output, error, effects } = decide(prepared[place]!, results[place]!);
    return {
      tool_call_id: asking.id,
      tool: asking.name,
      arguments: asking.arguments ?? {},
      result: output === null ? null : JSON.stringify(output),
      error,
      duration_ms: clock() - began,
      effects: effects.map((effect): JsonObject => ({ ...effect })),
    };
  });
  const recorded = await calls.recordToolCalls({
    org_id,
    vapi_call_id: call.vapi_call_id,
    request_id: delivery.requestId,
    tool_calls: decided,
  }, { signal });
  if (recorded.code === "call_unknown") return stored;
  for (const { tool, replayed, error } of recorded.results) {
    logger.info("Tool called", {
      org_id,
      call_id: call.vapi_call_id,
      tool,
      replayed,
      error,
    });
  }
  return [...stored, ...recorded.results];
}

/** Of each call, in one round trip for all; null for those whose rows can't be read now. */
async function readAll(
  ports: Ports,
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

function decide(
  prepared: PreparedCall,
  results: ReadResult[] | null,
): { output: ToolOutput | null; error: string | null; effects: ToolEffect[] } {
  if (!prepared.ok) return { output: null, error: prepared.error, effects: [] };
  if (results === null) return { output: null, error: NOT_NOW, effects: [] };
  return { error: null, ...prepared.finish(results) };
}

/** The person is the one on the line, as the call's row has it. */
function describeContext(context: CallContext, now: number): ToolContext {
  return {
    now,
    channel: "voice",
    settings: context.settings,
    person: {
      contactId: context.call?.contact_id ?? null,
      phoneNumber: context.call?.phone_number ?? null,
    },
    whatsappConnected: context.whatsapp_connected,
    ...(context.agent === null ? {} : { role: context.agent.role }),
    questions: context.questions,
    newId: () => crypto.randomUUID(),
  };
}
