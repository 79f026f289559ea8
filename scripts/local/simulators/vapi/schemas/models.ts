import * as z from "zod";
import { anthropicThinkingConfig, looseObject, server } from "./plans.ts";
import { createTool } from "./tools.ts";
import {
  ANTHROPIC_BEDROCK_MODELS,
  ANTHROPIC_MODELS,
  GOOGLE_MODELS,
  GROQ_MODELS,
  OPEN_AI_MODELS,
} from "./values.ts";

const message = z.strictObject({
  role: z.enum(["assistant", "function", "user", "system", "tool"]),
  content: z.string().max(100_000_000).nullable(),
});

const everyModel = {
  messages: z.array(message).optional(),
  tools: z.array(createTool).optional(),
  toolIds: z.array(z.string()).optional(),
  toolRefs: z.array(z.strictObject({ toolId: z.uuid(), version: z.string() })).optional(),
  knowledgeBase: z.strictObject({ provider: z.literal("custom-knowledge-base"), server })
    .optional(),
  temperature: z.number().min(0).max(2).optional(),
  maxTokens: z.number().min(50).max(10_000).optional(),
  emotionRecognitionEnabled: z.boolean().optional(),
  numFastTurns: z.number().min(0).optional(),
};

const anthropicModel = z.strictObject({
  ...everyModel,
  model: z.enum(ANTHROPIC_MODELS),
  provider: z.literal("anthropic"),
  thinking: anthropicThinkingConfig.optional(),
});

const anthropicBedrockModel = z.strictObject({
  ...everyModel,
  provider: z.literal("anthropic-bedrock"),
  model: z.enum(ANTHROPIC_BEDROCK_MODELS),
  thinking: anthropicThinkingConfig.optional(),
});

const anyscaleModel = z.strictObject({
  ...everyModel,
  provider: z.literal("anyscale"),
  model: z.string(),
});

const cerebrasModel = z.strictObject({
  ...everyModel,
  model: z.enum(["llama3.1-8b", "llama-3.3-70b"]),
  provider: z.literal("cerebras"),
});

const customLLMModel = z.strictObject({
  ...everyModel,
  provider: z.literal("custom-llm"),
  metadataSendMode: z.enum(["off", "variable", "destructured"]).optional(),
  headers: looseObject.optional(),
  url: z.string(),
  wordLevelConfidenceEnabled: z.boolean().optional(),
  timeoutSeconds: z.number().min(0).max(300).optional(),
  model: z.string(),
});

const deepInfraModel = z.strictObject({
  ...everyModel,
  provider: z.literal("deepinfra"),
  model: z.string(),
});

const deepSeekModel = z.strictObject({
  ...everyModel,
  model: z.enum(["deepseek-chat", "deepseek-reasoner"]),
  provider: z.literal("deep-seek"),
});

const googleModel = z.strictObject({
  ...everyModel,
  model: z.enum(GOOGLE_MODELS),
  provider: z.literal("google"),
  realtimeConfig: looseObject.optional(),
});

const groqModel = z.strictObject({
  ...everyModel,
  model: z.enum(GROQ_MODELS),
  provider: z.literal("groq"),
});

const inflectionAIModel = z.strictObject({
  ...everyModel,
  model: z.literal("inflection_3_pi"),
  provider: z.literal("inflection-ai"),
});

const minimaxLLMModel = z.strictObject({
  ...everyModel,
  provider: z.literal("minimax"),
  model: z.literal("MiniMax-M2.7"),
});

const openAIModel = z.strictObject({
  ...everyModel,
  provider: z.literal("openai"),
  model: z.enum(OPEN_AI_MODELS),
  fallbackModels: z.array(z.enum(OPEN_AI_MODELS)).optional(),
  toolStrictCompatibilityMode: z.enum([
    "strip-parameters-with-unsupported-validation",
    "strip-unsupported-validation",
  ]).optional(),
  promptCacheRetention: z.enum(["in_memory", "24h"]).optional(),
  promptCacheKey: z.string().max(64).optional(),
  reasoningEffort: z.enum(["minimal", "none", "low", "medium", "high", "xhigh"]).optional(),
});

const openRouterModel = z.strictObject({
  ...everyModel,
  provider: z.literal("openrouter"),
  model: z.string(),
});

const perplexityAIModel = z.strictObject({
  ...everyModel,
  provider: z.literal("perplexity-ai"),
  model: z.string(),
});

const togetherAIModel = z.strictObject({
  ...everyModel,
  provider: z.literal("together-ai"),
  model: z.string(),
});

const xaiModel = z.strictObject({
  ...everyModel,
  model: z.enum([
    "grok-beta",
    "grok-2",
    "grok-3",
    "grok-4-fast-reasoning",
    "grok-4-fast-non-reasoning",
    "grok-4.20-0309-reasoning",
    "grok-4.20-0309-non-reasoning",
    "grok-4.3",
  ]),
  provider: z.literal("xai"),
});

const vapiModel = z.strictObject({
  messages: everyModel.messages,
  tools: everyModel.tools,
  toolIds: everyModel.toolIds,
  toolRefs: everyModel.toolRefs,
  knowledgeBase: everyModel.knowledgeBase,
  temperature: everyModel.temperature,
  emotionRecognitionEnabled: everyModel.emotionRecognitionEnabled,
  numFastTurns: everyModel.numFastTurns,
  model: z.string().optional(),
  version: z.enum(["latest", "1"]).optional(),
  provider: z.literal("vapi"),
  workflowId: z.string().optional(),
  workflow: looseObject.optional(),
});

export const model = z.discriminatedUnion("provider", [
  anthropicModel,
  anthropicBedrockModel,
  anyscaleModel,
  cerebrasModel,
  customLLMModel,
  deepInfraModel,
  deepSeekModel,
  googleModel,
  groqModel,
  inflectionAIModel,
  minimaxLLMModel,
  openAIModel,
  openRouterModel,
  perplexityAIModel,
  togetherAIModel,
  xaiModel,
  vapiModel,
]);
