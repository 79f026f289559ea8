import { callTool, findSearch } from "../domain/tools/call_tool.ts";
import type { ToolContext } from "../domain/tools/tool.ts";
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
import {
  INTERNAL_CATEGORY,
  type KnowledgeAnswer,
  type KnowledgeCategory,
} from "../ports_knowledge.ts";
import type { SearchKnowledge } from "../ports_knowledge_sync.ts";
import { type CallDelivery, ingestCallMessage, type IngestPorts } from "./ingest_call_message.ts";

/** A person is on the line and hears nothing meanwhile. */
const TOOLS_MILLISECONDS = 8_000;

/** The answer has to be stored in the time that is left. */
const SEARCH_MILLISECONDS = 4_000;

const NOT_NOW = "That is not possible at the moment.";

type Ports = IngestPorts & {
  calls: CallStore;
  clock: Clock;
  agentsEnabled: boolean;
  searchKnowledge: SearchKnowledge;
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
  const decided = await Promise.all(fresh.map(async (asking) => {
    const began = clock();
    const search = findSearch(asking, toolContext);
    const found = search === null
      ? {}
      : { found: await readFound(ports, { orgId: org_id, search, signal }) };
    const { effects, ...outcome } = callTool(asking, { ...toolContext, ...found });
    return {
      tool_call_id: asking.id,
      tool: asking.name,
      arguments: asking.arguments ?? {},
      ...outcome,
      duration_ms: clock() - began,
      effects: effects.map((effect): JsonObject => ({ ...effect })),
    };
  }));
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

const HITS = 3;

/** In the organization of the call; null where it can't be searched now. */
async function readFound(
  { searchKnowledge, logger }: Ports,
  { orgId, search, signal }: {
    orgId: string;
    search: { query: string; category?: KnowledgeCategory };
    signal: AbortSignal;
  },
): Promise<KnowledgeAnswer | null> {
  try {
    return await searchKnowledge({
      ...search,
      org_id: orgId,
      limit: HITS,
      except_category: INTERNAL_CATEGORY,
    }, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(SEARCH_MILLISECONDS)]),
    });
  } catch (error) {
    logger.error("Documents could not be searched", { org_id: orgId, error });
    return null;
  }
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
  };
}
