import { createHash, createHmac } from "node:crypto";
import { chooseKnowledge } from "../domain/knowledge_sync/choose_knowledge.ts";
import { canonicalJson } from "../domain/sync_plan/canonical_json.ts";
import type { Applied, Desired } from "../domain/sync_plan/plan_sync.ts";
import { renderAssistant, type Webhook } from "../domain/sync_plan/render_assistant.ts";
import { listPhoneTools } from "../domain/tools/list_phone_tools.ts";
import { VOICE_DEFAULTS } from "../domain/sync_plan/voice_defaults.ts";
import { buildWebhookSecret } from "../domain/sync_plan/webhook_secret.ts";
import { AppError } from "../errors.ts";
import type { AgentRow, Json, JsonObject, SettingsRow, VoiceDefaults } from "../ports.ts";

export type WebhookConfig = {
  /** Where the functions are reached from outside: `https://…/functions/v1`. */
  functionsUrl: string;
  /** `VAPI_WEBHOOK_SECRET`, the newest first. */
  secrets: string[];
};

/** Where Vapi sends its messages. */
export function buildWebhookUrl(functionsUrl: string): string {
  return `${functionsUrl.replace(/\/+$/, "")}/unified-webhook/vapi`;
}

/** Our webhook as Vapi is to call it for one organization. @throws AppError `misconfigured` */
export function renderWebhook(
  config: WebhookConfig,
  settings: SettingsRow,
): Webhook {
  const [secret] = config.secrets;
  if (secret === undefined || secret === "") {
    throw new AppError(
      "misconfigured",
      "Cannot give Vapi our webhook: VAPI_WEBHOOK_SECRET is not set",
    );
  }
  return {
    url: buildWebhookUrl(config.functionsUrl),
    secret: buildWebhookSecret(
      settings.org_id,
      settings.webhook_secret_version,
      (text) => createHmac("sha256", secret).update(text).digest("hex"),
    ),
  };
}

/** What Vapi should have for the agent, in the account of the given key. */
export function renderDesired(
  state: {
    agent: AgentRow;
    settings: SettingsRow;
    voice_defaults: VoiceDefaults | null;
    vapi: { fingerprint: string };
  },
  webhook: WebhookConfig,
): Desired {
  const { agent, settings, voice_defaults: defaults, vapi } = state;
  const { tool, ownIndex, unwantedToolIds } = chooseKnowledge(settings.knowledge, {
    role: agent.role,
    keyFingerprint: vapi.fingerprint,
  });
  const body = renderAssistant(agent, {
    defaults: defaults ?? VOICE_DEFAULTS,
    webhook: renderWebhook(webhook, settings),
    knowledgeTool: tool,
    ownIndex,
    // Two ways to look into the same documents would be one too many.
    tools: listPhoneTools(settings.enabled_tools, agent.role)
      .filter((name) => name !== "search_knowledge_base" || tool === null && !ownIndex),
  });
  return {
    body,
    hash: createHash("sha256").update(canonicalJson(body)).digest("hex"),
    keyFingerprint: vapi.fingerprint,
    orgId: agent.org_id,
    agentId: agent.id,
    unwantedToolIds,
  };
}

/**
 * What the row says of earlier pushes. After a failure, an interrupted holder or a change since the
 * last push, a body that was pushed without being recorded may be the one that Vapi has.
 */
export function readApplied(agent: AgentRow, interrupted = false): Applied {
  return {
    assistantId: agent.vapi_assistant_id,
    hash: agent.applied_hash,
    keyFingerprint: agent.applied_key_fingerprint,
    createIntendedAt: agent.create_intended_at,
    agentCreatedAt: agent.created_at,
    uncertain: interrupted || agent.consecutive_failures > 0 ||
      agent.applied_revision !== agent.revision,
  };
}

/** What is kept of a body: all but the headers, which prove who we are. */
export function withoutHeaders(body: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (!isObject(value)) return [name, value];
      if (name === "server") return [name, withoutMember(value, "headers")];
      if (name !== "model") return [name, value];
      const { knowledgeBase, tools } = value;
      return [name, {
        ...value,
        ...(isObject(knowledgeBase) ? { knowledgeBase: withoutHeaders(knowledgeBase) } : {}),
        ...(Array.isArray(tools)
          ? { tools: tools.map((tool) => isObject(tool) ? withoutHeaders(tool) : tool) }
          : {}),
      }];
    }),
  );
}

function withoutMember(object: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = object;
  return rest;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
