import type { VoiceDefaults } from "../../ports.ts";

/** Where `app_config['voice_defaults']` says nothing. The same values as that row is seeded with. */
export const VOICE_DEFAULTS: VoiceDefaults = {
  model: { provider: "openai", model: "gpt-4.1", temperature: 0.4 },
  transcriber: { provider: "deepgram", model: "nova-3" },
  voice: { provider: "vapi", voiceId: "Elliot" },
};
