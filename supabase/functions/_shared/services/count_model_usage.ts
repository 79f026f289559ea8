import type { LanguageModel, ModelResult, ModelUsage } from "../ports_model.ts";

/**
 * The same model, and what was paid for it since: also for what nobody heard, because the turn failed
 * after it or was refused and decided anew. Null where it was not asked.
 */
export function countModelUsage(
  model: LanguageModel,
): { model: LanguageModel; read: () => ModelUsage | null } {
  let used: ModelUsage | null = null;
  const count = async <Answer>(asked: Promise<ModelResult<Answer>>) => {
    const result = await asked;
    const { input_tokens, output_tokens, cost_usd } = result.usage;
    used = {
      input_tokens: (used?.input_tokens ?? 0) + input_tokens,
      output_tokens: (used?.output_tokens ?? 0) + output_tokens,
      cost_usd: cost_usd === null ? used?.cost_usd ?? null : (used?.cost_usd ?? 0) + cost_usd,
    };
    return result;
  };
  return {
    model: {
      name: model.name,
      classify: (input, options) => count(model.classify(input, options)),
      converse: (input, options) => count(model.converse(input, options)),
    },
    read: () => used,
  };
}
