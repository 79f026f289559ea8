import type { ModelUsage } from "../../ports_model.ts";

/** US dollars for a million tokens, by model as it is configured. */
export type ModelPrices = { [model: string]: { input: number; output: number } };

type Tokens = { inputTokens: number | undefined; outputTokens: number | undefined };

/** Adds up what a model's requests used. */
export function createUsageCount(model: string, prices: ModelPrices) {
  let input = 0;
  let output = 0;
  return {
    add(tokens: Tokens | undefined): void {
      input += tokens?.inputTokens ?? 0;
      output += tokens?.outputTokens ?? 0;
    },
    tokens: () => input + output,
    read(): ModelUsage {
      const price = prices[model];
      return {
        input_tokens: input,
        output_tokens: output,
        cost_usd: price === undefined
          ? null
          : (input * price.input + output * price.output) / 1_000_000,
      };
    },
  };
}
