import * as z from "zod";
import type { AgentStore } from "../../ports_voice_agents.ts";
import type { Database } from "./create_database.ts";
import { agentRole, agentRow, jsonObject, onlyCode } from "./rows.ts";

const changedAgents = {
  code: z.literal("updated"),
  agents: z.array(z.object({
    role: agentRole,
    id: z.string(),
    revision: z.number(),
    changed: z.array(z.string()),
    created: z.boolean(),
  })),
  vapi_connected: z.boolean(),
};
const mismatch = z.object({
  code: z.literal("revision_mismatch"),
  role: agentRole,
  revision: z.number(),
});
const changed = z.discriminatedUnion("code", [z.object(changedAgents), mismatch]);
const listed = z.object({
  code: z.literal("listed"),
  templates: z.array(z.object({
    id: z.string(),
    key: z.string(),
    language: z.string(),
    role: agentRole,
    name: z.string(),
    description: z.string(),
    defaults: jsonObject,
    required_settings: z.array(z.string()),
  })),
});
const templateName = { role: agentRole, key: z.string(), language: z.string() };
const applied = z.discriminatedUnion("code", [
  z.object({
    ...changedAgents,
    template: z.object({ id: z.string(), key: z.string(), language: z.string() }),
  }),
  mismatch,
  z.object({
    code: z.literal("template_not_found"),
    available: z.array(z.object(templateName)),
  }),
  z.object({ code: z.literal("settings_missing"), missing: z.array(z.string()) }),
]);
const history = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("read"),
    revisions: z.array(z.object({
      revision: z.number(),
      actor: z.string(),
      actor_email: z.string().nullable(),
      reason: z.string().nullable(),
      changed: z.array(z.string()),
      before: jsonObject,
      after: jsonObject,
      created_at: z.string(),
    })),
    next_before: z.number().nullable(),
  }),
  z.object({ code: z.literal("not_found") }),
]);
const rolledBack = z.discriminatedUnion("code", [
  z.object(changedAgents),
  mismatch,
  onlyCode("revision_not_found"),
]);
const activation = z.discriminatedUnion("code", [
  z.object({ code: z.literal("set"), agent: agentRow, changed: z.boolean() }),
  z.object({ code: z.literal("not_ready"), missing: z.array(z.string()) }),
  onlyCode("not_found"),
]);
const known = z.object({
  code: z.literal("listed"),
  agents: z.array(z.object({
    role: agentRole,
    agent_id: z.string(),
    vapi_assistant_id: z.string().nullable(),
  })),
});
const adopted = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("adopted"),
    agent_id: z.string(),
    previous_assistant_id: z.string().nullable(),
  }),
  onlyCode("taken", "not_found"),
  z.object({ code: z.literal("held"), retry_after_seconds: z.number() }),
]);
const orphansDeleted = onlyCode("recorded", "held", "known");

/**
 * What repeats itself harmlessly is tried again after a lost answer; a change with `if_match` is
 * not, since it would refuse its own revision.
 */
export function createAgentStore(database: Database): AgentStore {
  return {
    updateAgentBehavior: (input) =>
      database.callFunction("update_agent_behavior", input, changed, {
        idempotent: input.if_match === null,
      }),

    async listAgentTemplates(input) {
      const { templates } = await database.callFunction("list_agent_templates", input, listed, {
        idempotent: true,
      });
      return templates;
    },

    applyAgentTemplate: (input) =>
      database.callFunction("apply_agent_template", input, applied, {
        idempotent: input.if_match === null,
      }),

    readAgentHistory: (input) =>
      database.callFunction("read_agent_history", input, history, { idempotent: true }),

    rollbackAgent: (input) =>
      database.callFunction("rollback_agent", input, rolledBack, {
        idempotent: input.if_match === null,
      }),

    setAgentActivation: (input) =>
      database.callFunction("set_agent_activation", input, activation, { idempotent: true }),

    async listKnownAssistants(input) {
      const { agents } = await database.callFunction("list_known_assistants", input, known, {
        idempotent: true,
      });
      return agents;
    },

    adoptAssistant: (input) =>
      database.callFunction("adopt_assistant", input, adopted, { idempotent: true }),

    recordOrphansDeleted: (input) =>
      database.callFunction("record_orphans_deleted", input, orphansDeleted),
  };
}
