import type { FlaggedAgent } from "../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import type { LanguageModel, ModelToolCall } from "../../supabase/functions/_shared/ports_model.ts";

/** A model that does what it is told next, good or bad. What it was not told it does not answer. */
export type ScriptedModel = LanguageModel & {
  next: {
    agent: FlaggedAgent | null;
    calls: readonly ModelToolCall[];
    text: string;
  } | null;
  /** How often it was asked, and how often one of its calls became a question. */
  asked: number;
  proposed: number;
};

const USAGE = { input_tokens: 10, output_tokens: 5, cost_usd: null };
const silent = {
  code: "failed",
  failure: "unavailable",
  reason: "it was not told what to say",
  usage: USAGE,
} as const;

export function createScriptedModel(): ScriptedModel {
  const model: ScriptedModel = {
    name: "scripted",
    next: null,
    asked: 0,
    proposed: 0,
    classify() {
      model.asked += 1;
      if (model.next === null) return Promise.resolve(silent);
      const { agent } = model.next;
      return Promise.resolve({ code: "answered", agent, confidence: 0.9, usage: USAGE });
    },
    async converse(_input, { callTool }) {
      model.asked += 1;
      if (model.next === null) return silent;
      const { calls, text } = model.next;
      const tool_calls: ModelToolCall[] = [];
      for (const call of calls) {
        tool_calls.push(call);
        const { ends } = await callTool(call);
        if (ends) model.proposed += 1;
        // Told to end, it goes on all the same: whatever comes then must not count.
      }
      return { code: "answered", text, tool_calls, usage: USAGE };
    },
  };
  return model;
}
