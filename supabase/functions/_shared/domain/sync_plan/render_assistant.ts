import type { AgentRow, AssistantBody, JsonObject, VoiceDefaults } from "../../ports.ts";
import { describeKnowledgeTool } from "../managed_prompt/describe_knowledge_tool.ts";
import { addManagedBlock } from "../managed_prompt/managed_block.ts";
import { currentVoice } from "../voices/check_voice.ts";
import { chooseTranscriber } from "../voices/choose_transcriber.ts";
import { chooseVoiceLanguage } from "../voices/choose_voice_language.ts";
import type { ToolName } from "../tools/registry.ts";
import { renderTools } from "./render_tools.ts";

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

/** The query tool that searches the organization's documents. */
export type KnowledgeTool = { id: string; name: string };

/**
 * The assistant that Vapi should have for an agent: the whole body of a create, whose top-level
 * fields are also what an update replaces. https://docs.vapi.ai/api-reference/assistants/create
 */
export function renderAssistant(
  agent: AgentRow,
  { defaults, webhook, knowledgeTool = null, ownIndex = false, tools = [] }: {
    defaults: VoiceDefaults;
    webhook: Webhook;
    knowledgeTool?: KnowledgeTool | null;
    /** Vapi asks us for what is known, with everything that the caller says. */
    ownIndex?: boolean;
    /** Functions that our webhook answers, in their order. */
    tools?: readonly ToolName[];
  },
): AssistantBody {
  const { provider, model, temperature } = chooseModel(agent, defaults);
  return {
    name: shorten(agent.name),
    firstMessage: agent.first_message,
    voice: renderVoice(agent, defaults),
    transcriber: chooseTranscriber(defaults.transcriber, agent.language).transcriber,
    model: {
      provider,
      model,
      ...(temperature === undefined ? {} : { temperature }),
      messages: [{ role: "system", content: renderPrompt(agent, knowledgeTool) }],
      toolIds: knowledgeTool === null ? [] : [knowledgeTool.id],
      ...(tools.length === 0 ? {} : { tools: renderTools(tools, renderServer(webhook)) }),
      ...(ownIndex ? { knowledgeBase: renderOwnIndex(webhook) } : {}),
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

/** A caller waits: whatever takes longer than this, or fails, is not asked again. */
function renderOwnIndex({ url, secret }: Webhook): JsonObject {
  return {
    provider: "custom-knowledge-base",
    server: { url, timeoutSeconds: 10, headers: { "X-Vapi-Secret": secret } },
  };
}

/** The founder's words, and ours about the tool: a model doesn't use one that isn't spoken of. */
function renderPrompt(agent: AgentRow, tool: KnowledgeTool | null): string {
  return addManagedBlock(
    agent.system_prompt,
    tool === null ? null : describeKnowledgeTool(tool.name, agent.language),
  );
}

/**
 * The product's model, with what the agent's template has otherwise. A model that is configured
 * without a temperature may refuse one, so a template's is for models that have it.
 */
function chooseModel(agent: AgentRow, defaults: VoiceDefaults): VoiceDefaults["model"] {
  const { temperature, ...chosen } = { ...defaults.model, ...agent.model };
  const known = agent.model?.model !== undefined || defaults.model.temperature !== undefined;
  return known && temperature !== undefined ? { ...chosen, temperature } : chosen;
}

function renderVoice(agent: AgentRow, defaults: VoiceDefaults): JsonObject {
  if (agent.voice === "") return { ...defaults.voice };
  const { provider, voice: voiceId } = currentVoice(agent.voice_provider, agent.voice);
  const language = chooseVoiceLanguage(provider, agent.language);
  const voice: JsonObject = {
    provider,
    voiceId,
    ...(language === undefined ? {} : { language }),
  };
  if (!VOICES_WITH_STABILITY.has(provider)) return voice;
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
