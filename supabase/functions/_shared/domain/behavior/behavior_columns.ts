/** The columns of an agent that a dashboard changes, and every name that a request may use for one. */
export const FIELD_NAMES = {
  name: ["name"],
  system_prompt: ["systemPrompt", "system_prompt"],
  first_message: ["firstMessage", "first_message"],
  voice: ["voice", "voiceId", "voice_id"],
  voice_provider: ["voiceProvider", "voice_provider"],
  voice_stability: ["voiceStability", "voice_stability"],
  voice_similarity_boost: ["voiceSimilarityBoost", "voice_similarity_boost"],
  language: ["language"],
  max_call_duration: ["maxDurationSeconds", "max_duration_seconds", "maxDuration", "max_duration"],
  vapi_phone_number_id: ["vapiPhoneNumberId", "vapi_phone_number_id"],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type BehaviorColumn = keyof typeof FIELD_NAMES;
export const BEHAVIOR_COLUMNS = Object.keys(FIELD_NAMES) as BehaviorColumn[];

export type BehaviorValues = {
  name: string;
  system_prompt: string;
  first_message: string;
  voice: string;
  voice_provider: string;
  voice_stability: number;
  voice_similarity_boost: number;
  language: string;
  /** seconds */
  max_call_duration: number;
  vapi_phone_number_id: string;
};

/** What changes of one agent: columns that get a value, and those that go back to their default. */
export type AgentChange = { set: Partial<BehaviorValues>; reset: BehaviorColumn[] };
export type BehaviorChanges = { inbound?: AgentChange; outbound?: AgentChange };
