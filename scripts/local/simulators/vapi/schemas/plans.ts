import * as z from "zod";
import { CHUNK_PLAN_PUNCTUATION_BOUNDARIES, FORMAT_PLAN_FORMATTERS } from "./values.ts";

/** A part of the document that this simulator does not look into. */
export const looseObject = z.record(z.string(), z.unknown());

export const exactReplacement = z.strictObject({
  type: z.literal("exact"),
  replaceAllEnabled: z.boolean().optional(),
  key: z.string(),
  value: z.string().max(1000),
});

export const regexOption = z.strictObject({
  type: z.enum(["ignore-case", "whole-word", "multi-line"]),
  enabled: z.boolean(),
});

export const regexReplacement = z.strictObject({
  type: z.literal("regex"),
  regex: z.string(),
  options: z.array(regexOption).optional(),
  value: z.string().max(1000),
});

export const formatPlan = z.strictObject({
  enabled: z.boolean().optional(),
  numberToDigitsCutoff: z.number().min(0).optional(),
  replacements: z.array(z.union([exactReplacement, regexReplacement])).optional(),
  formattersEnabled: z.array(z.enum(FORMAT_PLAN_FORMATTERS)).optional(),
});

export const chunkPlan = z.strictObject({
  enabled: z.boolean().optional(),
  minCharacters: z.number().min(1).max(80).optional(),
  punctuationBoundaries: z.array(z.enum(CHUNK_PLAN_PUNCTUATION_BOUNDARIES)).optional(),
  formatPlan: formatPlan.optional(),
});

export const backoffPlan = z.strictObject({
  type: z.enum(["fixed", "exponential"]),
  maxRetries: z.number().min(0).max(10),
  baseDelaySeconds: z.number().min(0).max(10),
  excludedStatusCodes: z.array(z.union([z.number(), z.string()])).optional(),
});

export const server = z.strictObject({
  timeoutSeconds: z.number().min(1).max(300).optional(),
  credentialId: z.string().optional(),
  staticIpAddressesEnabled: z.boolean().optional(),
  encryptedPaths: z.array(z.string()).optional(),
  url: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  backoffPlan: backoffPlan.optional(),
});

export const structuredDataPlan = z.strictObject({
  messages: z.array(looseObject).optional(),
  enabled: z.boolean().optional(),
  schema: looseObject.optional(),
  timeoutSeconds: z.number().min(1).max(60).optional(),
});

export const successEvaluationPlan = z.strictObject({
  rubric: z.enum([
    "NumericScale",
    "DescriptiveScale",
    "Checklist",
    "Matrix",
    "PercentageScale",
    "LikertScale",
    "AutomaticRubric",
    "PassFail",
  ]).optional(),
  messages: z.array(looseObject).optional(),
  enabled: z.boolean().optional(),
  timeoutSeconds: z.number().min(1).max(60).optional(),
});

export const summaryPlan = z.strictObject({
  messages: z.array(looseObject).optional(),
  enabled: z.boolean().optional(),
  timeoutSeconds: z.number().min(1).max(60).optional(),
});

export const analysisPlan = z.strictObject({
  minMessagesThreshold: z.number().min(0).optional(),
  summaryPlan: summaryPlan.optional(),
  structuredDataPlan: structuredDataPlan.optional(),
  structuredDataMultiPlan: z.array(looseObject).optional(),
  successEvaluationPlan: successEvaluationPlan.optional(),
  outcomeIds: z.array(z.string()).optional(),
});

export const transcriptPlan = z.strictObject({
  enabled: z.boolean().optional(),
  assistantName: z.string().optional(),
  userName: z.string().optional(),
});

export const artifactPlan = z.strictObject({
  recordingEnabled: z.boolean().optional(),
  recordingFormat: z.enum(["wav;l16", "mp3"]).optional(),
  recordingUseCustomStorageEnabled: z.boolean().optional(),
  videoRecordingEnabled: z.boolean().optional(),
  fullMessageHistoryEnabled: z.boolean().optional(),
  pcapEnabled: z.boolean().optional(),
  pcapS3PathPrefix: z.string().optional(),
  pcapUseCustomStorageEnabled: z.boolean().optional(),
  loggingEnabled: z.boolean().optional(),
  loggingUseCustomStorageEnabled: z.boolean().optional(),
  transcriptPlan: transcriptPlan.optional(),
  recordingPath: z.string().optional(),
  structuredOutputIds: z.array(z.string()).optional(),
  structuredOutputs: z.array(looseObject).optional(),
  scorecardIds: z.array(z.string()).optional(),
  scorecards: z.array(looseObject).optional(),
  loggingPath: z.string().optional(),
});

export const assistantCustomEndpointingRule = z.strictObject({
  type: z.literal("assistant"),
  regex: z.string(),
  regexOptions: z.array(regexOption).optional(),
  timeoutSeconds: z.number().min(0).max(15),
});

export const bothCustomEndpointingRule = z.strictObject({
  type: z.literal("both"),
  assistantRegex: z.string(),
  assistantRegexOptions: z.array(regexOption).optional(),
  customerRegex: z.string(),
  customerRegexOptions: z.array(regexOption).optional(),
  timeoutSeconds: z.number().min(0).max(15),
});

export const customEndpointingModelSmartEndpointingPlan = z.strictObject({
  provider: z.enum(["vapi", "livekit", "custom-endpointing-model"]),
  server: server.optional(),
});

export const customerCustomEndpointingRule = z.strictObject({
  type: z.literal("customer"),
  regex: z.string(),
  regexOptions: z.array(regexOption).optional(),
  timeoutSeconds: z.number().min(0).max(15),
});

export const livekitSmartEndpointingPlan = z.strictObject({
  provider: z.enum(["vapi", "livekit", "custom-endpointing-model"]),
  waitFunction: z.string().optional(),
});

export const transcriptionEndpointingPlan = z.strictObject({
  onPunctuationSeconds: z.number().min(0).max(3).optional(),
  onNoPunctuationSeconds: z.number().min(0).max(3).optional(),
  onNumberSeconds: z.number().min(0).max(3).optional(),
});

export const vapiSmartEndpointingPlan = z.strictObject({
  provider: z.enum(["vapi", "livekit", "custom-endpointing-model"]),
});

export const startSpeakingPlan = z.strictObject({
  waitSeconds: z.number().min(0).max(5).optional(),
  smartEndpointingEnabled: z.union([z.boolean(), z.literal("livekit")]).optional(),
  smartEndpointingPlan: z.union([
    vapiSmartEndpointingPlan,
    livekitSmartEndpointingPlan,
    customEndpointingModelSmartEndpointingPlan,
  ]).optional(),
  customEndpointingRules: z.array(
    z.union([
      assistantCustomEndpointingRule,
      customerCustomEndpointingRule,
      bothCustomEndpointingRule,
    ]),
  ).optional(),
  transcriptionEndpointingPlan: transcriptionEndpointingPlan.optional(),
});

export const stopSpeakingPlan = z.strictObject({
  numWords: z.number().min(0).max(10).optional(),
  voiceSeconds: z.number().min(0).max(0.5).optional(),
  backoffSeconds: z.number().min(0).max(10).optional(),
  acknowledgementPhrases: z.array(z.string().max(240)).optional(),
  interruptionPhrases: z.array(z.string().max(240)).optional(),
});

export const monitorPlan = z.strictObject({
  listenEnabled: z.boolean().optional(),
  listenAuthenticationEnabled: z.boolean().optional(),
  controlEnabled: z.boolean().optional(),
  controlAuthenticationEnabled: z.boolean().optional(),
  monitorIds: z.array(z.string()).optional(),
});

export const fourierDenoisingPlan = z.strictObject({
  enabled: z.boolean().optional(),
  mediaDetectionEnabled: z.boolean().optional(),
  staticThreshold: z.number().min(-80).max(0).optional(),
  baselineOffsetDb: z.number().min(-30).max(-5).optional(),
  windowSizeMs: z.number().min(1000).max(30000).optional(),
  baselinePercentile: z.number().min(1).max(99).optional(),
});

export const smartDenoisingPlan = z.strictObject({ enabled: z.boolean().optional() });

export const backgroundSpeechDenoisingPlan = z.strictObject({
  smartDenoisingPlan: smartDenoisingPlan.optional(),
  fourierDenoisingPlan: fourierDenoisingPlan.optional(),
});

export const compliancePlan = z.strictObject({
  hipaaEnabled: z.boolean().optional(),
  pciEnabled: z.boolean().optional(),
  securityFilterPlan: looseObject.optional(),
  recordingConsentPlan: looseObject.optional(),
});

export const keypadInputPlan = z.strictObject({
  enabled: z.boolean().optional(),
  timeoutSeconds: z.number().min(0).max(10).optional(),
  delimiters: z.enum(["#", "*", ""]).optional(),
});

export const elevenLabsPronunciationDictionaryLocator = z.strictObject({
  pronunciationDictionaryId: z.string(),
  versionId: z.string().optional(),
});

export const vapiPronunciationDictionaryLocator = z.strictObject({
  pronunciationDictId: z.string(),
  versionId: z.string().optional(),
  provider: z.enum(["cartesia", "11labs"]).optional(),
});

export const sonioxContextGeneralItem = z.strictObject({
  key: z.string().min(1),
  value: z.string().min(1),
});

export const speechmaticsCustomVocabularyItem = z.strictObject({
  content: z.string().min(1),
  soundsLike: z.array(z.string()).optional(),
});

export const anthropicThinkingConfig = z.strictObject({
  type: z.literal("enabled"),
  budgetTokens: z.number().min(1024).max(100000),
});
