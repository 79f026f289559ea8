import { ProviderError } from "../../supabase/functions/_shared/errors.ts";
import type {
  AgentRole,
  AgentRow,
  AgentSyncStore,
  Assistant,
  AssistantBody,
  JsonObject,
  RecordAgentSyncInput,
  Vapi,
  VoiceDefaults,
} from "../../supabase/functions/_shared/ports.ts";
import { AGENT_ROLES } from "../../supabase/functions/_shared/ports.ts";
import type { SyncPorts } from "../../supabase/functions/_shared/services/sync_agent.ts";
import { createMemoryLogger, type LogLine } from "./create_memory_logger.ts";

export const ORG_ID = "11111111-1111-4111-8111-111111111111";

/** What befalls one call to Vapi; `lost` acts and loses the answer. */
export type VapiFault = "refused" | "unauthorized" | "down" | "lost" | "rate_limited";

/** A running function: ends at its `crashAt`-th step and reaches nothing from then on. */
export type Process = { steps: number; crashAt: number; faults: (VapiFault | null)[] };

export class Crash extends Error {
  override readonly name = "Crash";
}

type Lease = {
  token: number;
  seconds: number;
  until: number;
  claimedAt: number;
  released: boolean;
};

/**
 * One organization's agents and the Vapi accounts they may be in, with the rules of the SQL
 * functions (leases, fencing, intents, going round again) and of Vapi (a PATCH replaces whole
 * top-level fields). Time is a number that tests move.
 */
export function createSyncWorld(
  options: { vapiClockAhead?: number; hidesHeaders?: boolean } = {},
) {
  const world = {
    now: Date.parse("2026-11-20T10:00:00Z"),
    agents: new Map<AgentRole, AgentRow & { applied: JsonObject | null; queuedAt: number }>(),
    key: "key-a" as string | null,
    voiceDefaults: null as VoiceDefaults | null,
    webhookVersion: 1,
    enabledTools: ["take_message", "book_appointment"],
    /** By API key. */
    accounts: new Map<string, Map<string, Assistant>>(),
    leases: new Map<AgentRole, Lease>(),
    calls: [] as string[],
    records: [] as RecordAgentSyncInput[],
    lines: [] as LogLine[],
  };
  let nextToken = 1;
  let nextAssistant = 1;

  for (const role of AGENT_ROLES) {
    const time = new Date(world.now).toISOString();
    world.agents.set(role, {
      id: `${role}-agent`,
      org_id: ORG_ID,
      role,
      name: `The ${role} agent`,
      system_prompt: "Be kind.",
      first_message: "Hello!",
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
      applied: null,
      last_synced_at: null,
      sync_error: null,
      consecutive_failures: 0,
      create_intended_at: null,
      revision: 1,
      created_at: time,
      updated_at: time,
      queuedAt: world.now,
    });
  }

  const find = (role: AgentRole) => {
    const agent = world.agents.get(role);
    if (agent === undefined) throw new Error(`no agent "${role}"`);
    return agent;
  };
  const account = (key: string) => {
    const known = world.accounts.get(key) ?? new Map<string, Assistant>();
    world.accounts.set(key, known);
    return known;
  };
  const state = (role: AgentRole) => {
    const agent = structuredClone(find(role)) as AgentRow;
    if (world.key === null) return { code: "not_connected" as const, agent };
    return {
      code: "read" as const,
      agent,
      vapi: {
        fingerprint: `print-of-${world.key}`,
        ciphertext: `sealed-${world.key}`,
        key_id: "k1",
        public_config: {},
      },
      settings: {
        org_id: ORG_ID,
        transfer_number: null,
        webhook_secret_version: world.webhookVersion,
        enabled_tools: [...world.enabledTools],
      },
      voice_defaults: structuredClone(world.voiceDefaults),
    };
  };
  const held = (role: AgentRole, token: number) => {
    const lease = world.leases.get(role);
    return lease !== undefined && lease.token === token && !lease.released ? lease : null;
  };

  const store: AgentSyncStore = {
    async claimAgentSync({ role, lease_seconds }) {
      const lease = world.leases.get(role);
      const found = state(role);
      if (found.code !== "read") return await found;
      if (lease !== undefined && !lease.released && lease.until > world.now) {
        const agent = find(role);
        agent.sync_status = "queued";
        agent.queuedAt = world.now;
        return { code: "held", retry_after_seconds: 1 };
      }
      const token = nextToken++;
      world.leases.set(role, {
        token,
        seconds: lease_seconds,
        until: world.now + lease_seconds * 1000,
        claimedAt: world.now,
        released: false,
      });
      const interrupted = lease !== undefined && !lease.released;
      return { ...found, code: "claimed", fencing_token: token, interrupted };
    },
    readAgentSync: ({ role }) => Promise.resolve(state(role)),
    async recordCreateIntent({ role, fencing_token }) {
      if (held(role, fencing_token) === null) return await { code: "lease_lost" };
      const agent = find(role);
      const intended_at = new Date(world.now).toISOString();
      const previous_intent_at = agent.create_intended_at;
      agent.create_intended_at ??= intended_at;
      return { code: "recorded", previous_intent_at, intended_at };
    },
    async recordAgentSync(input) {
      const lease = held(input.role, input.fencing_token);
      if (lease === null) return await { code: "lease_lost" };
      world.records.push(structuredClone(input));
      const agent = find(input.role);
      const failed = input.outcome === "failed";
      const again = !failed && (agent.revision > input.revision ||
        (agent.sync_status === "queued" && agent.queuedAt > lease.claimedAt) ||
        (world.key !== null && input.applied_key_fingerprint !== `print-of-${world.key}`));
      if (failed) {
        const known = input.vapi_assistant_id !== null &&
          input.vapi_assistant_id !== agent.vapi_assistant_id;
        if (known) agent.create_intended_at = null;
        agent.sync_status = "failed";
        agent.sync_error = input.error;
        agent.consecutive_failures += 1;
        agent.vapi_assistant_id = input.vapi_assistant_id ?? agent.vapi_assistant_id;
      } else {
        if (input.vapi_assistant_id !== null) agent.create_intended_at = null;
        agent.sync_status = again ? "queued" : "synced";
        agent.sync_error = null;
        agent.consecutive_failures = 0;
        agent.vapi_assistant_id = input.vapi_assistant_id ?? agent.vapi_assistant_id;
        agent.applied_hash = input.applied_hash;
        agent.applied_key_fingerprint = input.applied_key_fingerprint;
        agent.applied_revision = input.revision;
        agent.applied = input.applied;
      }
      if (again) {
        lease.claimedAt = world.now;
        lease.until = world.now + lease.seconds * 1000;
      } else lease.released = true;
      return { code: "recorded", again };
    },
    readSyncStatus: () =>
      Promise.resolve({
        agents: [...world.agents.values()].map((agent) => structuredClone(agent)),
        queued_jobs: 0,
      }),
  };

  /** Answers as Vapi would, headers hidden where it is told to. */
  const show = (assistant: Assistant): Assistant => {
    const hidden = (name: string, value: unknown) => name === "headers" ? undefined : value;
    const copy = options.hidesHeaders
      ? JSON.parse(JSON.stringify(assistant, hidden)) as Assistant
      : structuredClone(assistant);
    return { ...copy, orgId: "vapi-org", isServerUrlSecretSet: false };
  };
  const vapiOf = (key: string): Vapi => ({
    verifyKey: () => Promise.resolve(),
    getAssistant: (id) => {
      const found = account(key).get(id);
      return Promise.resolve(found === undefined ? null : show(found));
    },
    listAssistants: ({ createdAtGt, limit }) =>
      Promise.resolve(
        [...account(key).values()]
          .filter(({ createdAt }) =>
            createdAtGt === undefined || Date.parse(createdAt) > Date.parse(createdAtGt)
          )
          .reverse().slice(0, limit).map(show),
      ),
    createAssistant: (body: AssistantBody) => {
      const id = `assistant-${nextAssistant++}`;
      const createdAt = new Date(world.now + (options.vapiClockAhead ?? 0)).toISOString();
      const assistant = { ...structuredClone(body), id, createdAt } as Assistant;
      account(key).set(id, assistant);
      return Promise.resolve(show(assistant));
    },
    updateAssistant: (id, body) => {
      const known = account(key).get(id);
      if (known === undefined) return Promise.resolve(null);
      const updated = { ...known, ...structuredClone(body) } as Assistant;
      account(key).set(id, updated);
      return Promise.resolve(show(updated));
    },
    deleteAssistant: (id) => {
      account(key).delete(id);
      return Promise.resolve();
    },
    listPhoneNumbers: () => Promise.resolve([]),
    importPhoneNumber: () => Promise.reject(new Error("not part of this world")),
    updatePhoneNumber: () => Promise.resolve(null),
    deletePhoneNumber: () => Promise.resolve(),
  });

  /** Wraps a port so that its process may die before or after each of its calls. */
  function within<Port extends object>(
    process: Process,
    port: Port,
    wrap: (name: string, act: () => Promise<unknown>) => Promise<unknown> = (_, act) => act(),
  ): Port {
    const step = () => {
      if (process.steps++ >= process.crashAt) throw new Crash("the process died");
    };
    return new Proxy(port, {
      get: (target, name) => async (...input: unknown[]) => {
        step();
        const method = Reflect.get(target, name) as (...input: unknown[]) => Promise<unknown>;
        const answer = await wrap(String(name), () => method.apply(target, input));
        step();
        return answer;
      },
    });
  }

  async function strike(process: Process, name: string, act: () => Promise<unknown>) {
    world.calls.push(name);
    const writes = name === "createAssistant" || name === "updateAssistant";
    switch (process.faults.shift() ?? null) {
      case null:
        return await act();
      case "refused":
        throw new ProviderError("vapi", "refused", "property x should not exist", { status: 400 });
      case "unauthorized":
        throw new ProviderError("vapi", "unauthorized", "Invalid Key", { status: 401 });
      case "rate_limited":
        throw new ProviderError("vapi", "rate_limited", "Too Many Requests", { status: 429 });
      case "down":
        throw new ProviderError("vapi", "unavailable", "it is down", { ambiguous: writes });
      case "lost":
        await act();
        throw new ProviderError("vapi", "timed_out", "no answer", { ambiguous: writes });
    }
  }

  function ports(process: Process): SyncPorts {
    return {
      agents: within(process, store),
      cipher: {
        currentKeyId: "k1",
        seal: () => Promise.reject(new Error("not part of this world")),
        open: (_org, _provider, sealed) =>
          Promise.resolve({ api_key: sealed.ciphertext.replace("sealed-", "") } as never),
      },
      connect: {
        vapi: ({ api_key }, record) =>
          within(process, vapiOf(api_key), async (name, act) => {
            record({
              provider: "vapi",
              operation: name,
              outcome: "succeeded",
              status: 200,
              duration_ms: 1,
            });
            return await strike(process, name, act);
          }),
      },
      logger: createMemoryLogger(world.lines),
      clock: () => world.now,
      webhook: { functionsUrl: "https://demo.supabase.co/functions/v1", secrets: ["webhook-key"] },
    };
  }

  return Object.assign(world, {
    ports: (process: Partial<Process> = {}) =>
      ports(Object.assign(process, { steps: 0, crashAt: Infinity, faults: [], ...process })),
    /** A port of one process, which may die before or after each of its calls. */
    within,
    /** What a save does: a new revision of the desired state. */
    change(role: AgentRole, fields: Partial<AgentRow>) {
      const agent = find(role);
      Object.assign(agent, fields, { revision: agent.revision + 1, sync_status: "queued" });
      agent.queuedAt = world.now;
    },
    agent: (role: AgentRole) => find(role),
    account,
    /** The assistants that carry the agent's metadata in the connected account. */
    ours: (role: AgentRole) =>
      [...account(world.key ?? "").values()].filter(({ metadata }) =>
        metadata?.org_id === ORG_ID && metadata.agent_id === `${role}-agent`
      ),
    takeCalls: () => world.calls.splice(0),
  });
}

export type SyncWorld = ReturnType<typeof createSyncWorld>;
