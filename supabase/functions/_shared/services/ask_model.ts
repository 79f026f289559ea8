import { describeCandidates } from "../domain/conversation/describe_candidates.ts";
import { listModelTools } from "../domain/conversation/list_model_tools.ts";
import type { TurnAnswer, TurnAsk } from "../domain/orchestrator/turn_input.ts";
import { TOOLS } from "../domain/tools/registry.ts";
import type { RecordProviderCall } from "../ports.ts";
import type { ClaimedTurn } from "../ports_messaging.ts";
import { classifyWithModel } from "./classify_with_model.ts";
import { converseWithModel, type ModelPorts } from "./converse_with_model.ts";
import type { ReadPorts } from "./read_for_tools.ts";
import { runModelTool } from "./run_model_tool.ts";

type ModelAsk = Exclude<TurnAsk, { kind: "reads" }>;

/** All that a turn may spend on one reply, whatever its agent's steps allow. */
const BUDGET_TOKENS = 20_000;

/**
 * Answers what a turn wants to know of the language model. Where it doesn't answer, the turn goes on
 * without it; what was paid is told all the same.
 * @throws AppError of the store that tools read
 */
export async function askModel(
  ports: ModelPorts & ReadPorts,
  ask: ModelAsk,
  { turn, signal, record }: { turn: ClaimedTurn; signal: AbortSignal; record?: RecordProviderCall },
): Promise<TurnAnswer> {
  const about = {
    history: turn.session.messages,
    text: ask.text,
    tokens_left: turn.limits?.tokens_left ?? null,
  };
  const options = { signal, ...(record === undefined ? {} : { record }) };
  if (ask.kind === "classify") {
    const candidates = describeCandidates(ask.candidates);
    const chosen = await classifyWithModel(ports, { ...about, candidates }, options);
    if (chosen.code === "silent") return { kind: "nothing", usage: chosen.usage };
    const agent = ask.candidates.find((name) => name === chosen.agent) ?? null;
    return { kind: "classify", agent, confidence: chosen.confidence, usage: chosen.usage };
  }

  const { agent, language, tools: context, carried } = ask;
  const { org_id, contact_id } = turn;
  const enabled = context.settings.enabled_tools;
  const allowed = agent.tools.filter((name) => enabled.length === 0 || enabled.includes(name));
  const reply = await converseWithModel(ports, {
    ...about,
    agent: { title: agent.name.replaceAll("_", " "), prompt: agent.prompt },
    organization_name: null,
    language,
    channel: context.channel,
    now: context.now,
    time_zone: context.settings.time_zone,
    // Nobody has handed over: there is nothing to tell.
    notes: carried["from"] === undefined ? "" : JSON.stringify(carried),
    tools: listModelTools(TOOLS, allowed),
    limits: {
      max_steps: agent.limits.model_steps,
      max_tokens: agent.limits.output_tokens,
      budget_tokens: BUDGET_TOKENS,
    },
  }, {
    ...options,
    callTool: (call) =>
      runModelTool(ports, { org_id, contact_id, context, language, allowed, signal }, call),
  });
  const { usage } = reply;
  if (reply.code === "silent") return { kind: "nothing", usage };
  const tools = reply.tool_calls.map(({ name }) => ({ name }));
  if (reply.code === "reply") {
    return { kind: "converse", text: reply.text, proposal: null, tools, usage };
  }
  const { call: { name: tool, arguments: given }, question } = reply;
  return {
    kind: "converse",
    text: "",
    proposal: { tool, arguments: given, question },
    tools,
    usage,
  };
}
