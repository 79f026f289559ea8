import * as z from "zod";
import {
  looseObject,
  server,
  sonioxContextGeneralItem,
  speechmaticsCustomVocabularyItem,
} from "./plans.ts";
import {
  ASSEMBLY_AI_LANGUAGE_CODES,
  AZURE_SPEECH_LANGUAGES,
  DEEPGRAM_LANGUAGES,
  GLADIA_LANGUAGES,
  GOOGLE_LANGUAGES,
  GOOGLE_MODELS,
  ISO_639_LANGUAGES,
  OPEN_AI_LANGUAGES,
  SPEECHMATICS_LANGUAGES,
  TALKSCRIBER_LANGUAGES,
  XAI_TRANSCRIBER_LANGUAGES,
} from "./values.ts";

const everyTranscriber = { fallbackPlan: looseObject.optional() };

const assemblyAITranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("assembly-ai"),
  language: z.enum(["multi", "en"]).optional(),
  confidenceThreshold: z.number().min(0).max(1).optional(),
  formatTurns: z.boolean().optional(),
  endOfTurnConfidenceThreshold: z.number().min(0).max(1).optional(),
  minEndOfTurnSilenceWhenConfident: z.number().min(0).optional(),
  wordFinalizationMaxWaitTime: z.number().min(0).optional(),
  maxTurnSilence: z.number().min(0).optional(),
  vadAssistedEndpointingEnabled: z.boolean().optional(),
  mode: z.enum(["max_accuracy", "min_latency", "balanced"]).optional(),
  prompt: z.string().max(1750).optional(),
  agentContext: z.string().max(1750).optional(),
  languageCodes: z.array(z.enum(ASSEMBLY_AI_LANGUAGE_CODES)).optional(),
  speechModel: z.enum([
    "universal-streaming-english",
    "universal-streaming-multilingual",
    "universal-3-5-pro",
  ]).optional(),
  realtimeUrl: z.string().optional(),
  wordBoost: z.array(z.string().max(2500)).optional(),
  keytermsPrompt: z.array(z.string().max(50)).optional(),
  endUtteranceSilenceThreshold: z.number().optional(),
  disablePartialTranscripts: z.boolean().optional(),
});

const azureSpeechTranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("azure"),
  language: z.enum(AZURE_SPEECH_LANGUAGES).optional(),
  segmentationStrategy: z.enum(["Default", "Time", "Semantic"]).optional(),
  segmentationSilenceTimeoutMs: z.number().min(100).max(5000).optional(),
  segmentationMaximumTimeMs: z.number().min(20000).max(70000).optional(),
});

const customTranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("custom-transcriber"),
  server: server,
});

const deepgramTranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("deepgram"),
  model: z.string().optional(),
  language: z.enum(DEEPGRAM_LANGUAGES).optional(),
  smartFormat: z.boolean().optional(),
  mipOptOut: z.boolean().optional(),
  numerals: z.boolean().optional(),
  profanityFilter: z.boolean().optional(),
  redaction: z.array(z.enum(["pci", "pii", "phi", "numbers"])).optional(),
  confidenceThreshold: z.number().min(0).max(1).optional(),
  eotThreshold: z.number().min(0.5).max(0.9).optional(),
  eotTimeoutMs: z.number().min(500).max(10000).optional(),
  languages: z.array(z.string()).optional(),
  keywords: z.array(z.string()).optional(),
  keyterm: z.array(z.string()).optional(),
  endpointing: z.number().min(10).max(500).optional(),
});

const elevenLabsTranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("11labs"),
  model: z.enum(["scribe_v1", "scribe_v2", "scribe_v2_realtime"]).optional(),
  language: z.enum(ISO_639_LANGUAGES).optional(),
  silenceThresholdSeconds: z.number().min(0.3).max(3).optional(),
  confidenceThreshold: z.number().min(0.1).max(0.9).optional(),
  minSpeechDurationMs: z.number().min(50).max(2000).optional(),
  minSilenceDurationMs: z.number().min(50).max(2000).optional(),
});

const gladiaTranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("gladia"),
  model: z.enum(["fast", "accurate", "solaria-1"]).optional(),
  languageBehaviour: z.enum(["manual", "automatic single language", "automatic multiple languages"])
    .optional(),
  language: z.enum(GLADIA_LANGUAGES).optional(),
  languages: z.array(z.enum(GLADIA_LANGUAGES)).optional(),
  transcriptionHint: z.string().max(600).optional(),
  prosody: z.boolean().optional(),
  audioEnhancer: z.boolean().optional(),
  confidenceThreshold: z.number().min(0).max(1).optional(),
  endpointing: z.number().min(0.01).max(10).optional(),
  speechThreshold: z.number().min(0).max(1).optional(),
  customVocabularyEnabled: z.boolean().optional(),
  customVocabularyConfig: looseObject.optional(),
  region: z.enum(["us-west", "eu-west"]).optional(),
  receivePartialTranscripts: z.boolean().optional(),
});

const googleTranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("google"),
  model: z.enum(GOOGLE_MODELS).optional(),
  language: z.enum(GOOGLE_LANGUAGES).optional(),
});

const speechmaticsTranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("speechmatics"),
  model: z.literal("default").optional(),
  language: z.enum(SPEECHMATICS_LANGUAGES).optional(),
  operatingPoint: z.enum(["standard", "enhanced"]).optional(),
  region: z.enum(["eu", "us"]).optional(),
  enableDiarization: z.boolean().optional(),
  maxDelay: z.number().min(500).max(10000).optional(),
  customVocabulary: z.array(speechmaticsCustomVocabularyItem),
  numeralStyle: z.enum(["written", "spoken"]).optional(),
  endOfTurnSensitivity: z.number().min(0).max(1).optional(),
  removeDisfluencies: z.boolean().optional(),
  minimumSpeechDuration: z.number().min(0).max(5).optional(),
});

const talkscriberTranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("talkscriber"),
  model: z.literal("whisper").optional(),
  language: z.enum(TALKSCRIBER_LANGUAGES).optional(),
});

const openAITranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("openai"),
  model: z.enum(["gpt-4o-transcribe", "gpt-4o-mini-transcribe"]),
  language: z.enum(OPEN_AI_LANGUAGES).optional(),
});

const cartesiaTranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("cartesia"),
  model: z.enum(["ink-whisper", "ink-2"]).optional(),
  language: z.enum(ISO_639_LANGUAGES).optional(),
});

const sonioxTranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("soniox"),
  model: z.enum(["stt-rt-v4", "stt-rt-v5"]).optional(),
  language: z.enum(ISO_639_LANGUAGES).optional(),
  languages: z.array(z.enum(ISO_639_LANGUAGES)).optional(),
  languageHintsStrict: z.boolean().optional(),
  maxEndpointDelayMs: z.number().min(500).max(3000).optional(),
  customVocabulary: z.array(z.string()).optional(),
  contextGeneral: z.array(sonioxContextGeneralItem).optional(),
});

const xaiTranscriber = z.strictObject({
  ...everyTranscriber,
  provider: z.literal("xai"),
  model: z.literal("default").optional(),
  language: z.enum(XAI_TRANSCRIBER_LANGUAGES).optional(),
});

const vapiTranscriber = z.strictObject({
  provider: z.literal("vapi"),
  version: z.enum(["latest", "1"]).optional(),
  language: z.enum(ISO_639_LANGUAGES).optional(),
  languages: z.array(z.enum(ISO_639_LANGUAGES)).optional(),
  keywords: z.array(z.string()).optional(),
  turnTaking: z.enum(["intelligent", "manual"]).optional(),
});

export const transcriber = z.discriminatedUnion("provider", [
  assemblyAITranscriber,
  azureSpeechTranscriber,
  customTranscriber,
  deepgramTranscriber,
  elevenLabsTranscriber,
  gladiaTranscriber,
  googleTranscriber,
  speechmaticsTranscriber,
  talkscriberTranscriber,
  openAITranscriber,
  cartesiaTranscriber,
  sonioxTranscriber,
  xaiTranscriber,
  vapiTranscriber,
]);
