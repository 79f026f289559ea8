import type { AgentRow, AssistantBody, JsonObject, VoiceDefaults } from "../../ports.ts";

const LONGEST_NAME = 40;

/** Voices that know these two knobs; every other provider's schema refuses them. */
const VOICES_WITH_STABILITY = new Set(["11labs"]);

/** What the webhook understands of a call; heavy ones such as `conversation-update` are not asked for. */
const SERVER_MESSAGES = [
  "status-update",
  "end-of-call-report",
  "tool-calls",
  "transfer-destination-request",
  "handoff-destination-request",
  "transfer-update",
  "hang",
];

export type Webhook = {
  url: string;
  /** The value of `X-Vapi-Secret`. */
  secret: string;
};

/**
 * The assistant that Vapi should have for an agent: the whole body of a create, whose top-level
 * fields are also what an update replaces. https://docs.vapi.ai/api-reference/assistants/create
 */
export function renderAssistant(
  agent: AgentRow,
  { defaults, webhook }: { defaults: VoiceDefaults; webhook: Webhook },
): AssistantBody {
  const { provider, model, temperature } = { ...defaults.model, ...agent.model };
  return {
    name: shorten(agent.name),
    firstMessage: agent.first_message,
    voice: renderVoice(agent, defaults),
    transcriber: {
      provider: defaults.transcriber.provider,
      model: defaults.transcriber.model,
      language: agent.language,
    },
    model: {
      provider,
      model,
      ...(temperature === undefined ? {} : { temperature }),
      messages: [{ role: "system", content: agent.system_prompt }],
      toolIds: [],
    },
    maxDurationSeconds: agent.max_call_duration,
    metadata: { org_id: agent.org_id, agent_id: agent.id, role: agent.role },
    server: renderServer(webhook),
    serverMessages: SERVER_MESSAGES,
  };
}

/** Our webhook, as an assistant and a phone number name it. Vapi sends once unless asked to repeat. */
export function renderServer(webhook: Webhook): JsonObject {
  return {
    url: webhook.url,
    timeoutSeconds: 20,
    headers: { "X-Vapi-Secret": webhook.secret },
    backoffPlan: { type: "exponential", maxRetries: 5, baseDelaySeconds: 1 },
  };
}

function renderVoice(agent: AgentRow, defaults: VoiceDefaults): JsonObject {
  if (agent.voice === "") return { ...defaults.voice };
  const voice: JsonObject = { provider: agent.voice_provider, voiceId: agent.voice };
  if (!VOICES_WITH_STABILITY.has(agent.voice_provider)) return voice;
  if (agent.voice_stability !== null) voice.stability = agent.voice_stability;
  if (agent.voice_similarity_boost !== null) voice.similarityBoost = agent.voice_similarity_boost;
  return voice;
}

/** Cut to 40 UTF-16 units, never inside a character. */
function shorten(name: string): string {
  let short = "";
  for (const character of name) {
    if (short.length + character.length > LONGEST_NAME) break;
    short += character;
  }
  return short;
}
