import type { LanguageModel } from "../../ports_model.ts";
import type { PolicyConfig } from "../resilience/create_policy.ts";
import { chooseVendor } from "./choose_vendor.ts";
import type { LanguageModelConfig } from "./create_language_model.ts";

export type LazyModelConfig = Omit<LanguageModelConfig, "policy" | "prices"> & {
  prices: LanguageModelConfig["prices"] | undefined;
  policy: Partial<PolicyConfig>;
};

/** A model thinks for longer than other providers, and a turn does not wait for three such waits. */
const MODEL_POLICY = {
  attemptTimeoutMilliseconds: 15_000,
  retryAfterCapMilliseconds: 3_000,
} as const satisfies Partial<PolicyConfig>;

const NOT_LOADED = {
  code: "failed" as const,
  failure: "unavailable" as const,
  reason: "its program could not be loaded",
  usage: { input_tokens: 0, output_tokens: 0, cost_usd: null },
};

/**
 * The language model that the environment configured, null where the key of one of its vendors is
 * missing: agents then decide by keywords. Nothing of it is loaded before it is first asked, so that
 * an acknowledgement never waits for it.
 */
export function createLazyModel(config: LazyModelConfig): LanguageModel | null {
  const { model, classifier, vendors, prices = {}, policy } = config;
  const isMissing = [model, classifier].some((name) =>
    vendors[chooseVendor(name).vendor].apiKey === undefined
  );
  if (isMissing) return null;
  let opened: Promise<LanguageModel | null> | null = null;
  const open = () =>
    opened ??= load().catch(() => {
      // The next who asks tries again.
      opened = null;
      return null;
    });

  async function load(): Promise<LanguageModel> {
    const [{ createLanguageModel }, { createPolicy }] = await Promise.all([
      import("./create_language_model.ts"),
      import("../resilience/create_policy.ts"),
    ]);
    const policies = createPolicy({ ...MODEL_POLICY, ...policy });
    return createLanguageModel({ ...config, prices, policy: policies });
  }

  return {
    name: model,
    classify: async (input, options) =>
      await (await open())?.classify(input, options) ?? NOT_LOADED,
    converse: async (input, options) =>
      await (await open())?.converse(input, options) ?? NOT_LOADED,
  };
}
