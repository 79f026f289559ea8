import type {
  AgentRow,
  Clock,
  JobRow,
  MemberRole,
  PendingStep,
  ProviderName,
  SealedIntegrationRow,
  VapiPublicConfig,
} from "../../supabase/functions/_shared/ports.ts";

export type MemoryJob = JobRow & {
  state: "queued" | "claimed" | "completed" | "failed" | "dead_lettered";
  due_at: number;
  lease_until: number;
  error: string | null;
};

/** The rows that the in-memory stores share: what the database's tables hold, as plain data. */
export type Memory = {
  clock: Clock;
  /** org_id → parent */
  organizations: Map<string, { name: string; parent_id: string | null }>;
  members: { org_id: string; user_id: string; role: MemberRole }[];
  integrations: Map<string, SealedIntegrationRow & { org_id: string }>;
  agents: Map<string, AgentRow>;
  leases: Map<string, { token: number; until: number }>;
  nextToken: number;
  idempotency: Map<
    string,
    {
      request_hash: string;
      status: number | null;
      body: unknown;
      claimed: boolean;
    }
  >;
  buckets: Map<string, { tokens: number; at: number }>;
  jobs: MemoryJob[];
  events: {
    operation: string;
    org_id: string;
    outcome: string;
    details: unknown;
  }[];
  alerts: Map<string, string>;
  heartbeats: { kind: string; phase: string }[];
};

export function createMemory(clock: Clock = Date.now): Memory {
  return {
    clock,
    organizations: new Map(),
    members: [],
    integrations: new Map(),
    agents: new Map(),
    leases: new Map(),
    nextToken: 1,
    idempotency: new Map(),
    buckets: new Map(),
    jobs: [],
    events: [],
    alerts: new Map(),
    heartbeats: [],
  };
}

/** Takes the lease unless somebody else's is alive; a new holder always has a higher token. */
export function takeLease(
  memory: Memory,
  name: string,
  seconds: number,
): number | null {
  const held = memory.leases.get(name);
  if (held !== undefined && held.until > memory.clock()) return null;
  const token = memory.nextToken++;
  memory.leases.set(name, { token, until: memory.clock() + seconds * 1000 });
  return token;
}

export function holdsLease(
  memory: Memory,
  name: string,
  token: number,
): boolean {
  return memory.leases.get(name)?.token === token;
}

export function integrationKey(orgId: string, provider: ProviderName): string {
  return `${orgId}/${provider}`;
}

/** What is left to be told to an integration's provider. */
export function findPendingStep(
  memory: Memory,
  row: SealedIntegrationRow & { org_id: string },
): PendingStep | null {
  const { connected, provider, public_config, fingerprint } = row;
  if (!connected) return null;
  const failed = public_config.push_error !== undefined;
  if (provider === "whatsapp") {
    return failed || public_config.subscribed_at === undefined ? "webhook_subscription" : null;
  }
  const twilio = memory.integrations.get(integrationKey(row.org_id, "twilio"));
  if (provider !== "vapi" || !twilio?.connected) return null;
  const { number }: VapiPublicConfig = public_config;
  const isBound = number?.number === twilio.public_config.from_number &&
    number?.key_fingerprint === fingerprint;
  return failed || !isBound ? "number_binding" : null;
}
