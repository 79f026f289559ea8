import {
  AGENT_ROLES,
  type AgentRole,
  type AgentRow,
  type CredentialStore,
  type WorkspaceStore,
} from "../../supabase/functions/_shared/ports.ts";
import {
  findPendingStep,
  holdsLease,
  integrationKey,
  type Memory,
  takeLease,
} from "./create_memory.ts";

const UNIQUE_FIELDS = [
  { provider: "whatsapp", name: "phone_number_id", field: "whatsapp_phone_number_id" },
  { provider: "whatsapp", name: "business_account_id", field: "whatsapp_business_account_id" },
  { provider: "twilio", name: "from_number", field: "twilio_from_number" },
] as const;

/** Leases, uniqueness over organizations and masking as the database's functions have them. */
export function createWorkspaceStore(
  memory: Memory,
): WorkspaceStore & CredentialStore {
  const rowsOf = (orgId: string) =>
    [...memory.integrations.values()].filter((row) => row.org_id === orgId);
  const agentsOf = (orgId: string) =>
    [...memory.agents.values()].filter((row) => row.org_id === orgId);
  const lease = (orgId: string) => `workspace_save/${orgId}`;

  return {
    beginWorkspaceSave({ org_id, lease_seconds }) {
      const fencing_token = takeLease(memory, lease(org_id), lease_seconds);
      if (fencing_token === null) {
        return Promise.resolve({ code: "busy", retry_after_seconds: lease_seconds });
      }
      return Promise.resolve({
        code: "began",
        fencing_token,
        integrations: structuredClone(rowsOf(org_id)),
        agents: structuredClone(agentsOf(org_id)),
        settings: { org_id, transfer_number: null, webhook_secret_version: 1, enabled_tools: [] },
      });
    },

    storeWorkspace({ org_id, fencing_token, integrations, dry_run }) {
      if (!holdsLease(memory, lease(org_id), fencing_token)) {
        return Promise.resolve({ code: "lease_lost" });
      }
      for (const { provider, name, field } of UNIQUE_FIELDS) {
        const value = integrations.find((row) => row.provider === provider)
          ?.public_config[name];
        const taken = value !== undefined &&
          [...memory.integrations.values()].some((row) =>
            row.org_id !== org_id && row.provider === provider &&
            row.connected &&
            row.public_config[name] === value
          );
        if (taken) return Promise.resolve({ code: "taken", provider, field });
      }
      if (dry_run) return Promise.resolve({ code: "storable" });
      const revisions = integrations.map((row) => {
        const key = integrationKey(org_id, row.provider);
        const revision = (memory.integrations.get(key)?.revision ?? 0) + 1;
        memory.integrations.set(key, {
          ...structuredClone(row),
          org_id,
          connected: true,
          revision,
          last_checked_at: new Date(memory.clock()).toISOString(),
          last_error: null,
        });
        return { provider: row.provider, revision };
      });
      const agents = AGENT_ROLES.map((role) => {
        const found = agentsOf(org_id).find((agent) => agent.role === role);
        const agent = found ?? createAgent(org_id, role);
        memory.agents.set(agent.id, agent);
        return { id: agent.id, role, created: found === undefined };
      });
      return Promise.resolve({ code: "stored", agents, integrations: revisions });
    },

    finishWorkspaceSave(input) {
      const { org_id, operation, outcome, details } = input;
      memory.events.push({ org_id, operation, outcome, details });
      if (!holdsLease(memory, lease(org_id), input.fencing_token)) {
        return Promise.resolve({ code: "lease_lost" });
      }
      for (
        const { provider, public_config_patch } of input.integration_patches
      ) {
        const row = memory.integrations.get(integrationKey(org_id, provider));
        if (row === undefined) continue;
        const merged = Object.entries({ ...row.public_config, ...public_config_patch });
        row.public_config = Object.fromEntries(merged.filter(([, value]) => value !== null));
      }
      memory.leases.delete(lease(org_id));
      return Promise.resolve({ code: "finished" });
    },

    readWorkspace({ org_id }) {
      return Promise.resolve({
        integrations: rowsOf(org_id).map((row) => ({
          ...structuredClone(row),
          pending: findPendingStep(memory, row),
        })),
        agents: structuredClone(agentsOf(org_id)),
      });
    },

    disconnectIntegration({ org_id, provider, fencing_token }) {
      if (!holdsLease(memory, lease(org_id), fencing_token)) {
        return Promise.resolve({ code: "lease_lost" });
      }
      const row = memory.integrations.get(integrationKey(org_id, provider));
      if (!row?.connected) return Promise.resolve({ code: "not_connected" });
      Object.assign(row, {
        connected: false,
        fingerprint: null,
        last_four: null,
        public_config: {},
        ciphertext: null,
        key_id: null,
      });
      return Promise.resolve({ code: "disconnected" });
    },

    readCredential({ org_id, provider }) {
      const row = memory.integrations.get(integrationKey(org_id, provider));
      if (!row?.connected || row.ciphertext === null || row.key_id === null) {
        return Promise.resolve({ code: "not_connected" });
      }
      return Promise.resolve({
        code: "read",
        fingerprint: row.fingerprint ?? "",
        public_config: structuredClone(row.public_config),
        ciphertext: row.ciphertext,
        key_id: row.key_id,
      });
    },

    recordCredentialCheck({ org_id, provider, fingerprint, succeeded, error }) {
      const row = memory.integrations.get(integrationKey(org_id, provider));
      if (row?.fingerprint !== fingerprint) {
        return Promise.resolve({ code: "superseded" });
      }
      row.last_error = error;
      row.last_checked_at = new Date(memory.clock()).toISOString();
      const alert = `credential_failed/${org_id}/${provider}`;
      if (succeeded) memory.alerts.delete(alert);
      else memory.alerts.set(alert, error ?? "");
      return Promise.resolve({ code: "recorded" });
    },

    listCredentials: () => Promise.resolve([]),
    replaceCredential: () => Promise.resolve({ code: "changed" }),
  };
}

export function createAgent(org_id: string, role: AgentRole): AgentRow {
  const now = "2026-11-20T00:00:00.000Z";
  return {
    id: crypto.randomUUID(),
    org_id,
    role,
    name: role === "inbound" ? "Inbound assistant" : "Outbound assistant",
    system_prompt: "You answer the phone.",
    first_message: "Hello, how can I help?",
    voice: "Elliot",
    voice_provider: "vapi",
    voice_stability: null,
    voice_similarity_boost: null,
    language: "en",
    max_call_duration: 600,
    vapi_assistant_id: null,
    vapi_phone_number_id: null,
    state: "draft",
    activation_mode: "limited",
    sync_status: "queued",
    applied_hash: null,
    applied_key_fingerprint: null,
    applied_revision: null,
    last_synced_at: null,
    sync_error: null,
    consecutive_failures: 0,
    create_intended_at: null,
    revision: 1,
    created_at: now,
    updated_at: now,
  };
}
