import { equal } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import { callFunction, type FunctionCall } from "../../support/call_function.ts";
import { createTenant, type Tenant, workspaceBody } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { clearRequests, listRequests, saveWorkspace, waitUntil } from "../support/workspace.ts";

/** Posts to one of `agent-sync`'s routes as the tenant's owner, unless another token is given. */
export function post(tenant: Tenant, route: string, body: unknown, call: FunctionCall = {}) {
  const { headers = {}, ...rest } = call;
  return callFunction(`agent-sync/${route}`, {
    token: tenant.owner.token,
    body,
    headers: { "x-org-id": tenant.orgId, ...headers },
    ...rest,
  });
}

export function get(tenant: Tenant, route: string, token = tenant.owner.token) {
  return callFunction(`agent-sync/${route}`, { token, headers: { "x-org-id": tenant.orgId } });
}

/** A tenant with both agents at Vapi; with `number`, its Twilio number is bound there as well. */
export async function connectTenant({ number = false } = {}): Promise<Tenant> {
  const tenant = await createTenant();
  const { whatsapp_phone_number_id: _, ...all } = workspaceBody(tenant.accounts);
  const { vapi_api_key, twilio_account_sid, twilio_auth_token, twilio_from_number } = all;
  const body = number
    ? { vapi_api_key, twilio_account_sid, twilio_auth_token, twilio_from_number }
    : { vapi_api_key };
  const saved = await saveWorkspace(tenant, { body });
  equal(saved.status, 200, saved.text);
  await clearRequests("vapi", tenant.accounts.vapi.key);
  return tenant;
}

export type AgentColumns = {
  id: string;
  role: string;
  name: string;
  system_prompt: string;
  first_message: string;
  voice: string;
  voice_provider: string;
  voice_stability: number | null;
  voice_similarity_boost: number | null;
  language: string;
  max_call_duration: number;
  vapi_phone_number_id: string | null;
  vapi_assistant_id: string | null;
  state: string;
  sync_status: string;
  revision: number;
  drift_status: string | null;
};

export async function readAgent({ orgId }: Tenant, role: string): Promise<AgentColumns> {
  const [agent] = await queryDatabase<{ agent: AgentColumns }>(
    `select to_jsonb(agent) as agent from public.agents as agent
     where org_id = $1::text::uuid and role = $2`,
    [orgId, role],
  );
  if (agent === undefined) throw new Error(`Cannot find the ${role} agent`);
  return agent.agent;
}

/** Asks the tenant's Vapi account, as somebody at Vapi's dashboard does. */
export async function askVapi(
  tenant: Tenant,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${readStack().simulators.vapi}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tenant.accounts.vapi.key}`,
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}

/** The agent's assistant as Vapi has it; the question is not in the ledger afterwards. */
export async function readAssistant(tenant: Tenant, role: string) {
  const { vapi_assistant_id } = await readAgent(tenant, role);
  return await askVapi(tenant, "GET", `/assistant/${vapi_assistant_id}`);
}

/** `GET`, `PATCH`, … in the order in which the account was asked. */
export async function listMethods(tenant: Tenant): Promise<string[]> {
  return (await listRequests("vapi", tenant.accounts.vapi.key)).map(({ method }) => method);
}

/** Whom the tenant's number reaches at Vapi. */
export async function readNumber(tenant: Tenant): Promise<{ assistantId: unknown; url: unknown }> {
  const numbers = await askVapi(tenant, "GET", "/phone-number") as unknown as unknown[];
  return {
    assistantId: at(numbers[0], "assistantId") ?? null,
    url: at(numbers[0], "server.url") ?? null,
  };
}

/** Posts a run as the schedule does, and waits for its last heartbeat. */
export async function runWorker(kind: string): Promise<void> {
  const requestId = crypto.randomUUID();
  const answer = await callFunction("worker/run", {
    apiKey: readStack().secret_key,
    headers: { "x-request-id": requestId },
    body: { kind },
  });
  equal(answer.status, 202, answer.text);
  await waitUntil(`the end of the run of "${kind}"`, async () => {
    const [beat] = await queryDatabase<{ phase: string }>(
      "select phase from public.worker_heartbeats where kind = $1 and request_id = $2",
      [kind, requestId],
    );
    return beat?.phase === "completed";
  }, 60_000);
}
