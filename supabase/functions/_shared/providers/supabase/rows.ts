import * as z from "zod";
import type {
  AgentRow,
  IntegrationRow,
  JsonObject,
  SealedIntegrationRow,
  SettingsRow,
  VoiceDefaults,
} from "../../ports.ts";
import { AGENT_ROLES, PROVIDER_NAMES } from "../../ports.ts";

/** Parsed from JSON a moment ago, so an object is one of JSON. */
export const jsonObject = z.custom<JsonObject>((value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
);
export const agentRole = z.enum(AGENT_ROLES);
export const providerName = z.enum(PROVIDER_NAMES);
export const memberRole = z.enum(["owner", "admin", "member", "viewer"]);
const moment = z.string().nullable();

/** Columns that are not named here pass through. */
export const agentRow: z.ZodType<AgentRow> = z.looseObject({
  id: z.string(),
  org_id: z.string(),
  role: agentRole,
  name: z.string(),
  system_prompt: z.string(),
  first_message: z.string(),
  voice: z.string(),
  voice_provider: z.string(),
  voice_stability: z.number().nullable(),
  voice_similarity_boost: z.number().nullable(),
  language: z.string(),
  max_call_duration: z.number(),
  vapi_assistant_id: z.string().nullable(),
  vapi_phone_number_id: z.string().nullable(),
  state: z.enum(["draft", "active", "paused", "error"]),
  activation_mode: z.enum(["limited", "full"]),
  sync_status: z.enum(["queued", "synced", "failed"]),
  applied_hash: z.string().nullable(),
  applied_key_fingerprint: z.string().nullable(),
  applied_revision: z.number().nullable(),
  last_synced_at: moment,
  sync_error: z.string().nullable(),
  consecutive_failures: z.number(),
  create_intended_at: moment,
  revision: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
  model: z.looseObject({
    provider: z.string().exactOptional(),
    model: z.string().exactOptional(),
    temperature: z.number().exactOptional(),
  }).nullable().exactOptional(),
  drift_status: z.enum(["in_step", "drifted", "missing"]).nullable().exactOptional(),
  drift_checked_at: moment.exactOptional(),
  drifted_at: moment.exactOptional(),
  drift_differences: z.array(z.object({
    field: z.string(),
    applied: z.unknown(),
    actual: z.unknown(),
  })).nullable().exactOptional(),
});

export const settingsRow: z.ZodType<SettingsRow> = z.looseObject({
  org_id: z.string(),
  transfer_number: z.string().nullable(),
  webhook_secret_version: z.number(),
  enabled_tools: z.array(z.string()),
  knowledge: z.object({
    mode: z.enum(["query_tool", "own_index"]),
    has_documents: z.boolean(),
    tool: z.object({ id: z.string(), name: z.string(), key_fingerprint: z.string() }).nullable(),
    roles: z.array(agentRole),
    retired_tool_ids: z.array(z.string()),
  }).exactOptional(),
});

export const voiceDefaults: z.ZodType<VoiceDefaults> = z.looseObject({
  model: z.looseObject({
    provider: z.string(),
    model: z.string(),
    temperature: z.number().exactOptional(),
  }),
  transcriber: z.looseObject({ provider: z.string(), model: z.string() }),
  voice: z.looseObject({ provider: z.string(), voiceId: z.string() }),
});

const integrationColumns = {
  provider: providerName,
  connected: z.boolean(),
  // A status for people is read without it.
  fingerprint: z.string().nullish().transform((value) => value ?? null),
  last_four: z.string().nullable(),
  public_config: jsonObject,
  revision: z.number(),
};

export const sealedIntegrationRow: z.ZodType<SealedIntegrationRow> = z.looseObject({
  ...integrationColumns,
  ciphertext: z.string().nullable(),
  key_id: z.string().nullable(),
});

export const integrationRow: z.ZodType<IntegrationRow> = z.looseObject({
  ...integrationColumns,
  last_checked_at: moment.exactOptional(),
  last_error: z.string().nullable().exactOptional(),
  pending: z.enum(["number_binding", "webhook_subscription"]).nullable().exactOptional(),
});

/** What a credential row needs to be opened and recognised. */
export const credential = z.object({
  fingerprint: z.string(),
  ciphertext: z.string(),
  key_id: z.string(),
  public_config: jsonObject,
});

export const leaseLost = z.object({ code: z.literal("lease_lost") });

/** An answer that carries nothing but its code. */
export function onlyCode<const Code extends string>(...codes: Code[]) {
  return z.object({ code: z.enum(codes) });
}
