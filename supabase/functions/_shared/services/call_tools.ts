import type { ToolContext } from "../domain/tools/tool.ts";
import { AppError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type {
  CallAnswer,
  CallMessage,
  CallStore,
  StoredToolResult,
  ToolCallAsked,
} from "../ports_calls.ts";
import { decideToolCalls, NOT_NOW, type RefusedCalls } from "./decide_tool_calls.ts";
import { describeCaller } from "../domain/tools/describe_caller.ts";
import { type CallDelivery, ingestCallMessage, type IngestPorts } from "./ingest_call_message.ts";
import type { ReadPorts } from "./read_for_tools.ts";

/** A person is on the line and hears nothing meanwhile. */
const TOOLS_MILLISECONDS = 8_000;

/** Of one tool call whose effects are refused; the last one writes nothing. */
const MOST_DECISIONS = 3;

type Ports = IngestPorts & ReadPorts & {
  calls: CallStore;
  clock: Clock;
  agentsEnabled: boolean;
};
type ToolsDelivery = CallDelivery & {
  message: CallMessage & { kind: "tool-calls" };
};
type Identified = ToolCallAsked & { id: string };
type Recorded = StoredToolResult & { replayed: boolean };

/**
 * Runs the tool calls of one message: decided in memory, then applied and stored in one transaction;
 * what the database refuses is decided anew with fresh rows, so that the caller hears what is free.
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
  const { clock, agentsEnabled, logger } = ports;
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

  const recorded = await act(ports, {
    org_id,
    vapi_call_id: call.vapi_call_id,
    request_id: delivery.requestId,
    asked: fresh,
    context: describeCaller(context, {
      orgId: org_id,
      now: clock(),
      newId: () => crypto.randomUUID(),
    }),
    signal,
  });
  for (const { tool, replayed, error } of recorded) {
    logger.info("Tool called", {
      org_id,
      call_id: call.vapi_call_id,
      tool,
      replayed,
      error,
    });
  }
  return [...stored, ...recorded];
}

/** Decides, writes, and decides anew what was refused, with what is there by now. */
async function act(
  ports: Ports,
  { asked, context, signal, ...conversation }: {
    org_id: string;
    vapi_call_id: string;
    request_id: string;
    asked: Identified[];
    context: ToolContext;
    signal: AbortSignal;
  },
): Promise<Recorded[]> {
  const done: Recorded[] = [];
  const refused: RefusedCalls = new Map();
  let open = asked;
  for (let round = 1; open.length > 0; round += 1) {
    const decided = await decideToolCalls(ports, {
      org_id: conversation.org_id,
      asked: open,
      context,
      refused,
      isLast: round === MOST_DECISIONS,
      signal,
    });
    const answer = await ports.calls.recordToolCalls(
      { ...conversation, tool_calls: decided },
      { signal },
    );
    if (answer.code === "call_unknown") return done;
    for (const { refusals, ...result } of answer.results) {
      if (refusals === undefined || round === MOST_DECISIONS) done.push(result);
      else {
        const { confirms } = decided.find((each) => each.tool_call_id === result.tool_call_id)!;
        refused.set(result.tool_call_id, { code: refusals[0]!.code, confirms });
      }
    }
    open = open.filter(({ id }) => !done.some(({ tool_call_id }) => tool_call_id === id));
  }
  return done;
}
