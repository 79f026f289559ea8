import * as z from "zod";
import {
  chunkPlan,
  elevenLabsPronunciationDictionaryLocator,
  looseObject,
  server,
  vapiPronunciationDictionaryLocator,
} from "./plans.ts";
import {
  CARTESIA_LANGUAGES,
  CARTESIA_MODELS,
  DEEPGRAM_VOICE_IDS,
  INWORLD_LANGUAGE_CODES,
  INWORLD_VOICE_IDS,
  ISO_639_LANGUAGES,
  MICROSOFT_STYLES,
  MICROSOFT_VOICE_IDS,
  MINIMAX_LANGUAGE_BOOSTS,
  PLAY_HT_EMOTIONS,
  PLAY_HT_LANGUAGES,
  RIME_AI_LANGUAGES,
  VAPI_LANGUAGES,
  VAPI_VOICES,
  XAI_LANGUAGES,
} from "./values.ts";

const everyVoice = {
  cachingEnabled: z.boolean().optional(),
  chunkPlan: chunkPlan.optional(),
  fallbackPlan: looseObject.optional(),
};

/** A built-in name, or the id of a cloned voice (a UUID). */
const vapiVoiceId = z.string().refine(
  (id) => VAPI_VOICES.includes(id) || z.uuid().safeParse(id).success,
  { error: `voiceId must be one of the following values: ${VAPI_VOICES.join(", ")}` },
);

const azureVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("azure"),
  voiceId: z.string(),
  speed: z.number().min(0.5).max(2).optional(),
});

const cartesiaVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("cartesia"),
  voiceId: z.string(),
  model: z.enum(CARTESIA_MODELS).optional(),
  language: z.enum(CARTESIA_LANGUAGES).optional(),
  experimentalControls: looseObject.optional(),
  generationConfig: looseObject.optional(),
  pronunciationDictId: z.string().optional(),
});

const customVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("custom-voice"),
  voiceId: z.string().optional(),
  server: server,
});

const deepgramVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("deepgram"),
  voiceId: z.enum(DEEPGRAM_VOICE_IDS),
  model: z.enum(["aura", "aura-2"]).optional(),
  mipOptOut: z.boolean().optional(),
});

const elevenLabsVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("11labs"),
  voiceId: z.string(),
  stability: z.number().min(0).max(1).optional(),
  similarityBoost: z.number().min(0).max(1).optional(),
  style: z.number().min(0).max(1).optional(),
  useSpeakerBoost: z.boolean().optional(),
  speed: z.number().min(0.7).max(1.2).optional(),
  optimizeStreamingLatency: z.number().min(0).max(4).optional(),
  enableSsmlParsing: z.boolean().optional(),
  autoMode: z.boolean().optional(),
  model: z.enum([
    "eleven_multilingual_v2",
    "eleven_turbo_v2",
    "eleven_turbo_v2_5",
    "eleven_flash_v2",
    "eleven_flash_v2_5",
    "eleven_monolingual_v1",
    "eleven_v3",
  ]).optional(),
  language: z.string().optional(),
  pronunciationDictionaryLocators: z.array(elevenLabsPronunciationDictionaryLocator).optional(),
});

const humeVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("hume"),
  model: z.enum(["octave", "octave2"]).optional(),
  voiceId: z.string(),
  isCustomHumeVoice: z.boolean().optional(),
  description: z.string().optional(),
});

const lmntVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("lmnt"),
  voiceId: z.string(),
  speed: z.number().min(0.25).max(2).optional(),
  language: z.union([z.enum(ISO_639_LANGUAGES), z.literal("auto")]).optional(),
});

const neuphonicVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("neuphonic"),
  voiceId: z.string(),
  model: z.enum(["neu_hq", "neu_fast"]).optional(),
  language: z.string(),
  speed: z.number().min(0.25).max(2).optional(),
});

const openAIVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("openai"),
  voiceId: z.string(),
  model: z.enum(["tts-1", "tts-1-hd", "gpt-4o-mini-tts"]).optional(),
  instructions: z.string().max(10000).optional(),
  speed: z.number().min(0.25).max(4).optional(),
});

const playHTVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("playht"),
  voiceId: z.string(),
  speed: z.number().min(0.1).max(5).optional(),
  temperature: z.number().min(0.1).max(2).optional(),
  emotion: z.enum(PLAY_HT_EMOTIONS).optional(),
  voiceGuidance: z.number().min(1).max(6).optional(),
  styleGuidance: z.number().min(1).max(30).optional(),
  textGuidance: z.number().min(1).max(2).optional(),
  model: z.enum(["PlayHT2.0", "PlayHT2.0-turbo", "Play3.0-mini", "PlayDialog"]).optional(),
  language: z.enum(PLAY_HT_LANGUAGES).optional(),
});

const wellSaidVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("wellsaid"),
  voiceId: z.string(),
  model: z.enum(["caruso", "legacy"]).optional(),
  enableSsml: z.boolean().optional(),
  libraryIds: z.array(z.string()).optional(),
});

const rimeAIVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("rime-ai"),
  voiceId: z.string(),
  model: z.enum(["arcana", "mistv2", "mist"]).optional(),
  speed: z.number().min(0.1).optional(),
  pauseBetweenBrackets: z.boolean().optional(),
  phonemizeBetweenBrackets: z.boolean().optional(),
  reduceLatency: z.boolean().optional(),
  inlineSpeedAlpha: z.string().optional(),
  language: z.enum(RIME_AI_LANGUAGES).optional(),
});

const smallestAIVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("smallest-ai"),
  voiceId: z.string(),
  model: z.literal("lightning").optional(),
  speed: z.number().optional(),
});

const tavusVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("tavus"),
  voiceId: z.string(),
  personaId: z.string().optional(),
  callbackUrl: z.string().optional(),
  conversationName: z.string().optional(),
  conversationalContext: z.string().optional(),
  customGreeting: z.string().optional(),
  properties: looseObject.optional(),
});

const vapiVoice = z.strictObject({
  cachingEnabled: everyVoice.cachingEnabled,
  chunkPlan: everyVoice.chunkPlan,
  provider: z.literal("vapi"),
  voiceId: vapiVoiceId,
  version: z.union([z.enum(["1", "2", "latest"]), z.literal(1), z.literal(2)]).optional(),
  speed: z.number().min(0.25).max(2).optional(),
  language: z.enum(VAPI_LANGUAGES).optional(),
  pronunciationDictionary: z.array(vapiPronunciationDictionaryLocator).optional(),
});

const sesameVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("sesame"),
  voiceId: z.string(),
  model: z.literal("csm-1b"),
});

const inworldVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("inworld"),
  voiceId: z.enum(INWORLD_VOICE_IDS),
  model: z.literal("inworld-tts-1").optional(),
  languageCode: z.enum(INWORLD_LANGUAGE_CODES).optional(),
  temperature: z.number().min(0.1).max(2).optional(),
  speakingRate: z.number().min(0.5).max(1.5).optional(),
});

const minimaxVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("minimax"),
  voiceId: z.string(),
  model: z.enum(["speech-02-hd", "speech-02-turbo", "speech-2.5-turbo-preview"]).optional(),
  emotion: z.string().optional(),
  subtitleType: z.enum(["word", "sentence"]).optional(),
  pitch: z.number().min(-12).max(12).optional(),
  speed: z.number().min(0.5).max(2).optional(),
  volume: z.number().min(0.5).max(2).optional(),
  region: z.enum(["worldwide", "china"]).optional(),
  languageBoost: z.enum(MINIMAX_LANGUAGE_BOOSTS).optional(),
  textNormalizationEnabled: z.boolean().optional(),
});

const xaiVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("xai"),
  voiceId: z.enum(["eve", "ara", "rex", "sal", "leo"]),
  language: z.enum(XAI_LANGUAGES).optional(),
  speed: z.number().min(0.7).max(1.5).optional(),
});

const microsoftVoice = z.strictObject({
  ...everyVoice,
  provider: z.literal("microsoft"),
  voiceId: z.enum(MICROSOFT_VOICE_IDS),
  style: z.enum(MICROSOFT_STYLES).optional(),
  styleDegree: z.number().min(0.01).max(2).optional(),
  role: z.enum([
    "Girl",
    "Boy",
    "YoungAdultFemale",
    "YoungAdultMale",
    "OlderAdultFemale",
    "OlderAdultMale",
    "SeniorFemale",
    "SeniorMale",
  ]).optional(),
  speed: z.number().min(0.5).max(2).optional(),
});

export const voice = z.discriminatedUnion("provider", [
  azureVoice,
  cartesiaVoice,
  customVoice,
  deepgramVoice,
  elevenLabsVoice,
  humeVoice,
  lmntVoice,
  neuphonicVoice,
  openAIVoice,
  playHTVoice,
  wellSaidVoice,
  rimeAIVoice,
  smallestAIVoice,
  tavusVoice,
  vapiVoice,
  sesameVoice,
  inworldVoice,
  minimaxVoice,
  xaiVoice,
  microsoftVoice,
]);
