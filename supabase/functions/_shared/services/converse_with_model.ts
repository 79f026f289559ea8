import { buildMessages } from "../domain/conversation/build_messages.ts";
import { checkReply, type ReplyRefusal } from "../domain/conversation/check_reply.ts";
import { fenceText } from "../domain/conversation/fence_text.ts";
import { type Allowance, planBudget } from "../domain/conversation/plan_budget.ts";
import { type PromptInput, writePrompt } from "../domain/conversation/write_prompt.ts";
import type { JsonObject, Logger, RecordProviderCall } from "../ports.ts";
import type { RememberedMessage } from "../ports_messaging.ts";
import type {
  LanguageModel,
  ModelFailure,
  ModelTool,
  ModelToolCall,
  ModelUsage,
} from "../ports_model.ts";
import { createPromptSecrets } from "./create_prompt_secrets.ts";
import { NO_USAGE, shareTime } from "./share_model_time.ts";

export type ModelPorts = {
  /** Null where no model is configured. */
  model: LanguageModel | null;
  /** What is left of the turn's time: the model gets a part of it. */
  timeoutSeconds: number;
  logger: Logger;
};

export type ConverseInput = Omit<PromptInput, "has_tools"> & {
  history: readonly Pick<RememberedMessage, "role" | "text">[];
  /** What the person just wrote, a burst being one text. */
  text: string;
  /** Those of the agent that the organization has enabled. */
  tools: ModelTool[];
  /** Of the organization's day; null where it has no limit. */
  tokens_left: number | null;
  limits: Allowance & { max_steps: number };
};

/** What a call of a tool came to: an answer, or a question that the person is asked first. */
export type ToolRun =
  | { kind: "result"; output: string }
  | { kind: "confirm"; question: string; arguments: JsonObject };

export type ConverseOptions = {
  signal: AbortSignal;
  record?: RecordProviderCall;
  /**
   * Understands a call and runs it when it only reads. Whose conversation it is comes from the
   * caller, never from the arguments.
   */
  callTool: (call: ModelToolCall) => Promise<ToolRun>;
};

/** Why a model has nothing to say and the deterministic path answers. */
export type SilentReason = "no_model" | "budget_spent" | ModelFailure | ReplyRefusal;

export type ModelReply =
  | { code: "reply"; text: string; tool_calls: ModelToolCall[]; usage: ModelUsage }
  /** Nothing was written. A "yes" runs exactly `call`, whose arguments `question` was made of. */
  | {
    code: "confirm";
    call: ModelToolCall;
    question: string;
    tool_calls: ModelToolCall[];
    usage: ModelUsage;
  }
  | { code: "silent"; reason: SilentReason; usage: ModelUsage };

/**
 * An agent's reply through the language model. What only reads is run at once; the first call that
 * writes ends the conversation with a question. Never throws, except what `callTool` throws: a store
 * that fails is the turn's failure and not the model's.
 */
export async function converseWithModel(
  { model, timeoutSeconds, logger }: ModelPorts,
  { history, text, tools, tokens_left, limits, ...about }: ConverseInput,
  { signal, record, callTool }: ConverseOptions,
): Promise<ModelReply> {
  if (model === null) return { code: "silent", reason: "no_model", usage: NO_USAGE };
  const secrets = createPromptSecrets();
  const system = writePrompt({ ...about, has_tools: tools.length > 0 }, secrets);
  const messages = buildMessages({ history, text }, secrets);
  const characters = JSON.stringify([system, messages, tools]).length;
  const allowance = planBudget({ tokens_left, characters, ...limits });
  if (allowance === null) return { code: "silent", reason: "budget_spent", usage: NO_USAGE };

  const sources: string[] = [];
  let question: { text: string; call: ModelToolCall } | null = null;
  let thrown: { error: unknown } | null = null;
  const result = await model.converse({
    system,
    messages,
    tools,
    max_steps: limits.max_steps,
    ...allowance,
  }, {
    signal: AbortSignal.any([
      signal,
      AbortSignal.timeout(shareTime(timeoutSeconds * 1_000, "converse")),
    ]),
    ...(record === undefined ? {} : { record }),
    async callTool(call) {
      try {
        const run = await callTool(call);
        if (run.kind === "confirm") {
          question = { text: run.question, call: { ...call, arguments: run.arguments } };
          return { output: "The person is asked.", ends: true };
        }
        sources.push(run.output);
        const output = fenceText(run.output, { fence: secrets.fence, source: "tool" });
        return { output, ends: false };
      } catch (error) {
        thrown = { error };
        return { output: "Not possible at the moment.", ends: true };
      }
    },
  });
  const { usage } = result;
  const failed = thrown as { error: unknown } | null;
  if (failed !== null) throw failed.error;
  const asked = question as { text: string; call: ModelToolCall } | null;
  // The question stands whatever became of the model after it.
  if (asked !== null) {
    const tool_calls = result.code === "answered" ? result.tool_calls : [asked.call];
    return { code: "confirm", call: asked.call, question: asked.text, tool_calls, usage };
  }
  const silent = (reason: SilentReason, detail?: string): ModelReply => {
    logger.warn("The language model does not answer", { reason, detail, model: model.name });
    return { code: "silent", reason, usage };
  };
  if (result.code === "failed") return silent(result.failure, result.reason);
  const checked = checkReply(result.text, { prompt: system, secrets, sources });
  if (!checked.ok) return silent(checked.reason);
  return { code: "reply", text: checked.text, tool_calls: result.tool_calls, usage };
}
