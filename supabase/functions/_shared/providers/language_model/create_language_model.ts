import { AppError } from "../../errors.ts";
import type { Clock } from "../../ports.ts";
import type { LanguageModel, ModelMessage, ModelOptions } from "../../ports_model.ts";
import { createGate } from "../resilience/create_gate.ts";
import type { Policy } from "../resilience/create_policy.ts";
import type { Fetch } from "../resilience/send_request.ts";
import { chooseVendor } from "./choose_vendor.ts";
import { createModelFetch, type ModelVendor } from "./create_model_fetch.ts";
import { createUsageCount, type ModelPrices } from "./count_usage.ts";
import { readModelFailure } from "./read_model_failure.ts";

export type LanguageModelConfig = {
  /** Converses; `openai/<id>` for another vendor's. */
  model: string;
  /** Sorts messages, so a small one. */
  classifier: string;
  vendors: { [Vendor in ModelVendor]: { apiKey: string | undefined; baseUrl: string } };
  prices: ModelPrices;
  /** Requests of all conversations of this isolate at once. */
  maxConcurrent: number;
  policy: Policy;
  clock?: Clock;
};

/** What comes after the base URL: each SDK's own default ends with it. */
const VERSIONS = { gemini: "/v1beta", openai: "/v1" } as const;
/** The same question is to get the same answer. */
const CLASSIFIER_TEMPERATURE = 0;

/**
 * A language model through the AI SDK, which is loaded with the first request. Retries, the circuit
 * and the counting are those of all providers, so the SDK's own retries are off.
 * @throws AppError `misconfigured` when a model's vendor has no key
 */
export function createLanguageModel(
  config: LanguageModelConfig,
  fetch: Fetch = globalThis.fetch,
): LanguageModel {
  const { model, classifier, prices, policy, clock = Date.now } = config;
  const gate = createGate(config.maxConcurrent);
  for (const name of [model, classifier]) requireKey(config, name);

  async function open(
    name: string,
    operation: string,
    { record = () => {}, beforeRequest: beforeAttempt }: Omit<ModelOptions, "signal">,
  ) {
    const { vendor, id } = chooseVendor(name);
    const { apiKey = "", baseUrl } = config.vendors[vendor];
    const settings = {
      apiKey,
      baseURL: `${baseUrl.replace(/\/+$/, "")}${VERSIONS[vendor]}`,
      fetch: createModelFetch({
        vendor,
        apiKey,
        operation,
        policy,
        record,
        beforeAttempt,
        clock,
        fetch,
      }),
    };
    if (vendor === "openai") {
      const { createOpenAI } = await import("@ai-sdk/openai");
      return createOpenAI(settings).chat(id);
    }
    const { createGoogle } = await import("@ai-sdk/google");
    return createGoogle(settings)(id);
  }

  return {
    name: model,

    async classify({ system, messages, candidates, max_tokens }, { signal, ...options }) {
      const usage = createUsageCount(classifier, prices);
      const classifyNow = async () => {
        const { generateText, jsonSchema, Output } = await import("ai");
        // "none" and not null: a list of names that holds null is more than some models understand.
        const schema = jsonSchema<{ agent: string; confidence: number }>({
          type: "object",
          properties: {
            agent: { type: "string", enum: [...candidates, "none"] },
            confidence: { type: "number", minimum: 0, maximum: 1 },
          },
          required: ["agent", "confidence"],
        }, { validate: (value) => validateChoice(value, candidates) });
        const answer = await generateText({
          model: await open(classifier, "classify", options),
          instructions: system,
          messages: messages.map(toModelMessage),
          output: Output.object({ schema }),
          temperature: CLASSIFIER_TEMPERATURE,
          // What is thought is paid like what is written, and takes from the same allowance.
          reasoning: "minimal",
          maxOutputTokens: max_tokens,
          maxRetries: 0,
          abortSignal: signal,
          onLanguageModelCallEnd: (call) => usage.add(call.usage),
        });
        const { agent, confidence } = answer.output;
        return { agent: agent === "none" ? null : agent, confidence };
      };
      try {
        const chosen = await gate(classifyNow, signal);
        if (chosen === "too_late") return tooLate(usage.read());
        return { code: "answered", ...chosen, usage: usage.read() };
      } catch (error) {
        return { code: "failed", ...readModelFailure(error, signal), usage: usage.read() };
      }
    },

    async converse(input, { signal, callTool, ...options }) {
      const usage = createUsageCount(model, prices);
      const called: { name: string; arguments: Record<string, never> }[] = [];
      let ended = false;
      const converseNow = async () => {
        const { generateText, jsonSchema, stepCountIs, tool } = await import("ai");
        const tools = Object.fromEntries(input.tools.map(({ name, description, input_schema }) => [
          name,
          tool({
            description,
            inputSchema: jsonSchema<Record<string, never>>(input_schema),
            execute: async (given) => {
              if (ended) return "Not done: the conversation has ended.";
              called.push({ name, arguments: given });
              const { output, ends } = await callTool({ name, arguments: given });
              ended ||= ends;
              return output;
            },
          }),
        ]));
        return await generateText({
          model: await open(model, "converse", options),
          instructions: input.system,
          messages: input.messages.map(toModelMessage),
          tools,
          // One at a time: what ends the conversation is not overtaken.
          toolCallConcurrency: 1,
          stopWhen: [
            stepCountIs(input.max_steps),
            () => ended || usage.tokens() >= input.budget_tokens,
          ],
          prepareStep: ({ stepNumber }) =>
            stepNumber + 1 >= input.max_steps ? { toolChoice: "none" as const } : {},
          reasoning: "low",
          maxOutputTokens: input.max_tokens,
          maxRetries: 0,
          abortSignal: signal,
          onLanguageModelCallEnd: (call) => usage.add(call.usage),
        });
      };
      try {
        const answer = await gate(converseNow, signal);
        if (answer === "too_late") return tooLate(usage.read());
        if (answer.text.trim() === "" && !ended) {
          const reason = `it stopped without an answer (${answer.finishReason})`;
          return { code: "failed", failure: "stopped", reason, usage: usage.read() };
        }
        return { code: "answered", text: answer.text, tool_calls: called, usage: usage.read() };
      } catch (error) {
        return { code: "failed", ...readModelFailure(error, signal), usage: usage.read() };
      }
    },
  };
}

function toModelMessage({ role, text }: ModelMessage) {
  return role === "person"
    ? { role: "user" as const, content: text }
    : { role: "assistant" as const, content: text };
}

function requireKey({ vendors }: LanguageModelConfig, name: string): void {
  const { vendor } = chooseVendor(name);
  if (vendors[vendor].apiKey !== undefined) return;
  throw new AppError("misconfigured", `Cannot use model "${name}": ${vendor} has no API key`);
}

function validateChoice(value: unknown, candidates: string[]) {
  const { agent, confidence } = (value ?? {}) as { agent?: unknown; confidence?: unknown };
  const isKnown = typeof agent === "string" && (agent === "none" || candidates.includes(agent));
  if (isKnown && typeof confidence === "number" && confidence >= 0 && confidence <= 1) {
    return { success: true as const, value: { agent, confidence } };
  }
  return { success: false as const, error: new Error("not one of the candidates") };
}

function tooLate(usage: ReturnType<ReturnType<typeof createUsageCount>["read"]>) {
  const reason = "the time was over before its turn came";
  return { code: "failed" as const, failure: "timed_out" as const, reason, usage };
}
