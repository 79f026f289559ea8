import { callFunction, type FunctionCall } from "../../support/call_function.ts";
import { controlSimulator, type SimulatorName } from "../../support/control_simulator.ts";
import { type Tenant, workspaceBody } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";

/** Saves a tenant's workspace as its owner: all three providers unless `body` says otherwise. */
export function saveWorkspace(
  tenant: Tenant,
  { body = workspaceBody(tenant.accounts), query = "", ...call }: FunctionCall & {
    query?: string;
  } = {},
) {
  return callFunction(`workspace-save${query}`, { token: tenant.owner.token, body, ...call });
}

export type LedgerEntry = {
  id: number;
  method: string;
  path: string;
  status: number | null;
  body: unknown;
  fault: { mode: string; moment: string } | null;
};

/** The requests that a tenant's account received, oldest first, e.g. `POST /assistant`. */
export async function listRequests(
  simulator: SimulatorName,
  account: string,
): Promise<LedgerEntry[]> {
  const query = new URLSearchParams({ account });
  return await controlSimulator<LedgerEntry[]>(simulator, "GET", { path: `requests?${query}` });
}

/** Forgets the requests so far. */
export async function clearRequests(simulator: SimulatorName, account: string): Promise<void> {
  const query = new URLSearchParams({ account });
  await controlSimulator(simulator, "DELETE", { path: `requests?${query}` });
}

/** Method and path of every request of an account that could have changed something. */
export async function listWrites(simulator: SimulatorName, account: string): Promise<string[]> {
  return (await listRequests(simulator, account)).filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path}`);
}

export type VapiState = {
  assistants: { id: string; name: string; metadata: { role: string; org_id: string } }[];
  phoneNumbers: {
    id: string;
    number: string;
    assistantId?: string | null;
    server?: { url: string } | null;
  }[];
};

/** What a Vapi account holds. */
export async function readVapi(key: string): Promise<VapiState> {
  const query = new URLSearchParams({ account: key });
  return await controlSimulator<VapiState>("vapi", "GET", { path: `state?${query}` });
}

/** The business accounts that our app is subscribed to, of one WhatsApp token. */
export async function listSubscriptions(token: string): Promise<string[]> {
  const query = new URLSearchParams({ account: token });
  const state = await controlSimulator<{ subscriptions: Record<string, unknown> }>(
    "graph",
    "GET",
    { path: `state?${query}` },
  );
  return Object.keys(state.subscriptions);
}

export type Fault = {
  path: string;
  method?: string;
  mode: "latency" | "status" | "hang" | "drop" | "malformed";
  status?: number;
  /** What is answered with the status instead of the provider's own words. */
  body?: unknown;
  retryAfterSeconds?: number;
  latencyMilliseconds?: number;
  times?: number;
  /** `after`: the provider has acted when the caller meets the fault. */
  moment?: "before" | "after";
};

/** Makes an account's requests fail until the test is over. */
export async function injectFault(
  simulator: SimulatorName,
  account: string,
  fault: Fault,
): Promise<AsyncDisposable> {
  const { id } = await controlSimulator<{ id: string }>(simulator, "POST", {
    path: "faults",
    body: { ...fault, account },
  });
  return {
    async [Symbol.asyncDispose]() {
      await controlSimulator(simulator, "DELETE", { path: `faults/${id}` });
    },
  };
}

/** As if the time of every lease of the organization had run out. */
export async function expireLeases(orgId: string): Promise<void> {
  await queryDatabase(
    `update public.leases set expires_at = now() - interval '1 second'
     where org_id = $1::text::uuid and released_at is null`,
    [orgId],
  );
}

/** As if the organization had asked for nothing lately. */
export async function resetRateLimits(orgId: string): Promise<void> {
  await queryDatabase("delete from public.rate_limits where org_id = $1::text::uuid", [orgId]);
}

/**
 * Waits for something that happens elsewhere; fails loudly when it does not. The limit is for what
 * never happens, not for a slow machine.
 */
export async function waitUntil(
  what: string,
  condition: () => Promise<boolean>,
  limitMilliseconds = 60_000,
): Promise<void> {
  const deadline = performance.now() + limitMilliseconds;
  while (!await condition()) {
    if (performance.now() > deadline) {
      throw new Error(`Cannot see ${what} after ${limitMilliseconds} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
