import { buildMessages } from "../domain/conversation/build_messages.ts";
import { planBudget } from "../domain/conversation/plan_budget.ts";
import { writeClassifierPrompt } from "../domain/conversation/write_prompt.ts";
import type { RecordProviderCall } from "../ports.ts";
import type { RememberedMessage } from "../ports_messaging.ts";
import type { ModelUsage } from "../ports_model.ts";
import type { ModelPorts, SilentReason } from "./converse_with_model.ts";
import { createPromptSecrets } from "./create_prompt_secrets.ts";
import { NO_USAGE, shareTime } from "./share_model_time.ts";

export type ClassifyInput = {
  text: string;
  /** Only agents that may answer here: what a model chooses is one of them. */
  candidates: readonly { name: string; description: string }[];
  history: readonly Pick<RememberedMessage, "role" | "text">[];
  tokens_left: number | null;
};

export type Classification =
  | { code: "classified"; agent: string | null; confidence: number; usage: ModelUsage }
  | { code: "silent"; reason: SilentReason; usage: ModelUsage };

/** One name and one number in JSON. */
const MAX_TOKENS = 256;
/** What a person just said counts more than how they came to it. */
const HISTORY = 6;

/** What a message is about, where words alone don't tell. Never throws. */
export async function classifyWithModel(
  { model, timeoutSeconds, logger }: ModelPorts,
  { text, candidates, history, tokens_left }: ClassifyInput,
  { signal, record }: { signal: AbortSignal; record?: RecordProviderCall },
): Promise<Classification> {
  if (model === null) return { code: "silent", reason: "no_model", usage: NO_USAGE };
  const secrets = createPromptSecrets();
  const system = writeClassifierPrompt(candidates, secrets);
  const messages = buildMessages({ history: history.slice(-HISTORY), text }, secrets);
  const characters = JSON.stringify([system, messages]).length;
  const allowance = planBudget({
    tokens_left,
    characters,
    max_tokens: MAX_TOKENS,
    budget_tokens: MAX_TOKENS,
  });
  if (allowance === null) return { code: "silent", reason: "budget_spent", usage: NO_USAGE };
  const result = await model.classify({
    system,
    messages,
    candidates: candidates.map(({ name }) => name),
    max_tokens: MAX_TOKENS,
  }, {
    signal: AbortSignal.any([
      signal,
      AbortSignal.timeout(shareTime(timeoutSeconds * 1_000, "classify")),
    ]),
    ...(record === undefined ? {} : { record }),
  });
  if (result.code === "failed") {
    const { failure: reason, reason: detail, usage } = result;
    logger.warn("The language model does not classify", { reason, detail, model: model.name });
    return { code: "silent", reason, usage };
  }
  const { agent, confidence, usage } = result;
  return { code: "classified", agent, confidence, usage };
}
