import type {
  AgentRole,
  AgentRow,
  Json,
  JsonObject,
} from "../../supabase/functions/_shared/ports.ts";
import type {
  AgentChanges,
  AgentRevision,
  AgentStore,
  AgentTemplate,
  ChangedAgent,
  IfMatch,
} from "../../supabase/functions/_shared/ports_voice_agents.ts";
import { integrationKey, type Memory, takeLease } from "./create_memory.ts";
import { createAgent } from "./create_workspace_store.ts";

const DEFAULTS: JsonObject = {
  name: "Receptionist",
  system_prompt: "You answer the phone.",
  first_message: "Hello!",
  voice: "Elliot",
  voice_provider: "vapi",
  voice_stability: null,
  voice_similarity_boost: null,
  language: "en",
  max_call_duration: 600,
  vapi_phone_number_id: null,
  model: null,
};

export const TEMPLATES: AgentTemplate[] = [
  {
    id: "template-1",
    key: "receptionist",
    language: "en",
    role: "inbound",
    name: "Receptionist",
    description: "Answers the phone.",
    defaults: { ...DEFAULTS, first_message: "Welcome!", model: { temperature: 0.4 } },
    required_settings: [],
  },
  {
    id: "template-2",
    key: "lead_qualifier",
    language: "en",
    role: "outbound",
    name: "Lead qualifier",
    description: "Calls people back.",
    defaults: { ...DEFAULTS, first_message: "Have you a minute?" },
    required_settings: ["transfer_number"],
  },
];

export type MemoryRevision = AgentRevision & { role: AgentRole; snapshot: JsonObject };

/** Revisions, templates and activation as the database's functions have them. */
export function createAgentStore(memory: Memory): AgentStore & { revisions: MemoryRevision[] } {
  const revisions: MemoryRevision[] = [];
  const find = (orgId: string, role: AgentRole) =>
    [...memory.agents.values()].find((row) => row.org_id === orgId && row.role === role);
  const isConnected = (orgId: string) =>
    memory.integrations.get(integrationKey(orgId, "vapi"))?.connected ?? false;
  const snapshot = (agent: AgentRow): JsonObject =>
    Object.fromEntries(
      Object.keys(DEFAULTS).map((
        column,
      ) => [column, (agent as unknown as JsonObject)[column] ?? null]),
    );
  const keep = (agent: AgentRow, before: JsonObject, actor: string, reason: string | null) => {
    const after = snapshot(agent);
    const changed = Object.keys(after)
      .filter((column) => JSON.stringify(after[column]) !== JSON.stringify(before[column])).sort();
    const pick = (from: JsonObject): JsonObject =>
      Object.fromEntries(changed.map((column) => [column, from[column] ?? null]));
    revisions.push({
      role: agent.role,
      snapshot: after,
      revision: agent.revision,
      actor,
      actor_email: null,
      reason,
      changed,
      before: pick(before),
      after: pick(after),
      created_at: new Date(memory.clock()).toISOString(),
    });
    return changed;
  };

  function change(
    { org_id, user_id, changes, if_match, reason }: {
      org_id: string;
      user_id: string;
      changes: AgentChanges;
      if_match: IfMatch;
      reason: string | null;
    },
  ) {
    const roles = (["inbound", "outbound"] as const).filter((role) => changes[role] !== undefined);
    for (const role of roles) {
      const revision = find(org_id, role)?.revision ?? 0;
      const expected = if_match?.[role];
      if (expected !== undefined && expected !== revision) {
        return { code: "revision_mismatch" as const, role, revision };
      }
    }
    const agents = roles.map((role): ChangedAgent => {
      const { set = {}, reset = [] } = changes[role] ?? {};
      let agent = find(org_id, role);
      const created = agent === undefined;
      if (agent === undefined) {
        agent = createAgent(org_id, role);
        memory.agents.set(agent.id, agent);
      }
      const before = snapshot(agent);
      if (!created && !revisions.some((entry) => entry.role === role)) {
        keep(agent, {}, "system", null);
      }
      const defaults = Object.fromEntries(
        reset.map((column) => [column, DEFAULTS[column] as Json]),
      );
      Object.assign(agent, defaults, set);
      const isChanged = JSON.stringify(snapshot(agent)) !== JSON.stringify(before);
      if (isChanged && !created) agent.revision += 1;
      if (isChanged || created) agent.sync_status = "queued";
      const changed = isChanged || created
        ? keep(agent, created ? {} : before, user_id, reason)
        : [];
      return { role, id: agent.id, revision: agent.revision, changed, created };
    });
    return { code: "updated" as const, agents, vapi_connected: isConnected(org_id) };
  }

  return {
    revisions,
    updateAgentBehavior: (input) => Promise.resolve(change(input)),
    listAgentTemplates: ({ language }) =>
      Promise.resolve(
        TEMPLATES.filter((template) => language === null || template.language === language),
      ),
    applyAgentTemplate(input) {
      const template = TEMPLATES.find((candidate) =>
        candidate.key === input.template_key && candidate.role === input.role &&
        (input.language ?? "en") === candidate.language
      );
      if (template === undefined) {
        return Promise.resolve({ code: "template_not_found", available: TEMPLATES });
      }
      if (template.required_settings.length > 0) {
        return Promise.resolve({ code: "settings_missing", missing: template.required_settings });
      }
      const changes = { [input.role]: { set: template.defaults, reset: [] } };
      const changed = change({ ...input, changes, reason: `Template "${template.key}"` });
      const { id, key, language } = template;
      return Promise.resolve({ ...changed, template: { id, key, language } });
    },
    readAgentHistory({ org_id, role, limit, before_revision }) {
      if (find(org_id, role) === undefined) return Promise.resolve({ code: "not_found" });
      const older = revisions.filter((entry) =>
        entry.role === role && entry.revision < (before_revision ?? Infinity)
      ).toReversed();
      const page = older.slice(0, limit);
      return Promise.resolve({
        code: "read",
        revisions: page,
        next_before: older.length > limit ? page.at(-1)?.revision ?? null : null,
      });
    },
    rollbackAgent(input) {
      const target = revisions.find((entry) =>
        entry.role === input.role && entry.revision === input.revision
      );
      if (target === undefined) return Promise.resolve({ code: "revision_not_found" });
      const changes = { [input.role]: { set: target.snapshot, reset: [] } };
      return Promise.resolve(
        change({ ...input, changes, reason: `Rollback to revision ${input.revision}` }),
      );
    },
    setAgentActivation({ org_id, role, state, mode }) {
      const agent = find(org_id, role);
      if (agent === undefined) return Promise.resolve({ code: "not_found" });
      const before = [agent.state, agent.activation_mode].join();
      if (state === "paused") {
        if (agent.state !== "draft") agent.state = "paused";
      } else {
        const missing = !isConnected(org_id) ? ["vapi_connection"] : [
          ...(agent.vapi_assistant_id === null || agent.drift_status === "missing"
            ? ["assistant"]
            : []),
          ...(agent.sync_status !== "synced" ? ["sync"] : []),
        ];
        if (missing.length > 0) return Promise.resolve({ code: "not_ready", missing });
        Object.assign(agent, {
          state,
          activation_mode: mode ?? agent.activation_mode,
          consecutive_failures: 0,
        });
        memory.alerts.delete(`agent_in_error/${role}`);
      }
      const changed = before !== [agent.state, agent.activation_mode].join();
      return Promise.resolve({ code: "set", agent: structuredClone(agent), changed });
    },
    listKnownAssistants: ({ org_id }) =>
      Promise.resolve(
        [...memory.agents.values()].filter((row) => row.org_id === org_id)
          .map(({ role, id, vapi_assistant_id }) => ({ role, agent_id: id, vapi_assistant_id })),
      ),
    adoptAssistant({ org_id, role, vapi_assistant_id }) {
      const agent = find(org_id, role);
      if (agent === undefined) return Promise.resolve({ code: "not_found" });
      if (takeLease(memory, `agent_sync/${org_id}/${role}`, 1) === null) {
        return Promise.resolve({ code: "held", retry_after_seconds: 1 });
      }
      memory.leases.delete(`agent_sync/${org_id}/${role}`);
      const previous_assistant_id = agent.vapi_assistant_id;
      Object.assign(agent, { vapi_assistant_id, applied_hash: null, sync_status: "queued" });
      return Promise.resolve({ code: "adopted", agent_id: agent.id, previous_assistant_id });
    },
    recordOrphansDeleted({ org_id, assistant_ids }) {
      const agents = [...memory.agents.values()].filter((row) => row.org_id === org_id);
      for (const { role, create_intended_at } of agents) {
        const lease = `agent_sync/${org_id}/${role}`;
        if (takeLease(memory, lease, 1) === null) return Promise.resolve({ code: "held" });
        memory.leases.delete(lease);
        if (create_intended_at !== null) return Promise.resolve({ code: "held" });
      }
      if (agents.some((row) => assistant_ids.includes(row.vapi_assistant_id ?? ""))) {
        return Promise.resolve({ code: "known" });
      }
      memory.events.push({
        org_id,
        operation: "assistant_deleted",
        outcome: "succeeded",
        details: assistant_ids,
      });
      return Promise.resolve({ code: "recorded" });
    },
  };
}
