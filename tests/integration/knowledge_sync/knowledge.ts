import { createHash } from "node:crypto";
import { callFunction, type FunctionCall } from "../../support/call_function.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import type { Tenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { connectTenant } from "../agent_sync/agents.ts";
import { listRequests } from "../support/workspace.ts";

export type Text = { title?: string; content: string; category?: string };

export type VapiKnowledgeState = {
  files: {
    id: string;
    status: string;
    originalName: string;
    metadata?: { content_hash: string };
  }[];
  tools: {
    id: string;
    type: string;
    function: { name: string };
    knowledgeBases: { name: string; fileIds: string[] }[];
  }[];
  assistants: {
    id: string;
    metadata: { role: string };
    model: {
      toolIds: string[];
      messages: { content: string }[];
      knowledgeBase?: { server: { url: string } };
    };
  }[];
};

/** A tenant with both assistants, whose budget of calls is not what the test is about. */
export async function connectReader(): Promise<Tenant> {
  const tenant = await connectTenant();
  await raiseBudget();
  return tenant;
}

/** As many calls in a minute as no test makes; it is one setting for all organizations. */
export async function raiseBudget(calls = 1_000_000): Promise<void> {
  await queryDatabase(
    "update public.app_config set value = to_jsonb($1::int) where key = 'vapi_calls_per_minute'",
    [calls],
  );
}

/** Documents as they are once they can be searched; answers their ids. */
export async function addDocuments({ orgId }: Tenant, texts: Text[]): Promise<string[]> {
  const rows = await queryDatabase<{ id: string }>(
    `insert into public.knowledge_base
       (org_id, title, category, source, version, last_version, content, content_hash, state, indexed_at, created_by)
     select $1::text::uuid, text ->> 'title', text ->> 'category', 'text', 1, 1, text ->> 'content',
       text ->> 'hash', 'indexed', now(), 'system'
     from jsonb_array_elements($2::text::jsonb) as text returning id::text`,
    [
      orgId,
      JSON.stringify(texts.map(({ title = "Hours", category = "general", content }) => ({
        title,
        category,
        content,
        hash: hashOf(content),
      }))),
    ],
  );
  return rows.map(({ id }) => id);
}

export async function changeDocument(id: string, content: string): Promise<void> {
  await queryDatabase(
    `update public.knowledge_base
     set content = $2, content_hash = $3, version = version + 1, last_version = last_version + 1
     where id = $1::text::uuid`,
    [id, content, hashOf(content)],
  );
}

export async function deleteDocuments(ids: string[]): Promise<void> {
  await queryDatabase(
    `update public.knowledge_base
     set state = 'deleted', deleted_at = now(), active = false, version = null, content = null, content_hash = null
     where id = any ($1::text[]::uuid[])`,
    [ids],
  );
}

export function hashOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Posts a sync as the tenant's owner. */
export function sync(tenant: Tenant, body: unknown = {}, call: FunctionCall = {}) {
  return callFunction("kb-sync/sync", {
    token: tenant.owner.token,
    body,
    headers: { "x-org-id": tenant.orgId },
    ...call,
  });
}

export function readStatus(tenant: Tenant) {
  return callFunction("kb-sync/status", {
    token: tenant.owner.token,
    headers: { "x-org-id": tenant.orgId },
  });
}

export async function readVapiKnowledge(key: string): Promise<VapiKnowledgeState> {
  const query = new URLSearchParams({ account: key });
  return await controlSimulator<VapiKnowledgeState>("vapi", "GET", { path: `state?${query}` });
}

export function configureVapi(tenant: Tenant, settings: object): Promise<unknown> {
  return controlSimulator("vapi", "PUT", {
    path: "settings",
    body: { account: tenant.accounts.vapi.key, ...settings },
  });
}

/** How often the account was asked for each thing: `POST /file` → 3. */
export async function countCalls(tenant: Tenant): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { method, path } of await listRequests("vapi", tenant.accounts.vapi.key)) {
    const call = `${method} ${path.replace(/\/[0-9a-f-]{36}$/, "/{id}")}`;
    counts[call] = (counts[call] ?? 0) + 1;
  }
  return counts;
}

/** As if the last sync were long ago. */
export async function passMinute({ orgId }: Tenant): Promise<void> {
  await queryDatabase(
    `update public.knowledge_syncs
     set finished_at = finished_at - interval '2 minutes', last_synced_at = last_synced_at - interval '2 minutes'
     where org_id = $1::text::uuid`,
    [orgId],
  );
}

/** Whatever is left of a sync, the account is in order: one tool over these files, no other, both hold it. */
export function listFaults(state: VapiKnowledgeState, contents: string[]): string[] {
  const faults: string[] = [];
  const wanted = contents.map(hashOf).toSorted();
  const there = state.files.map(({ metadata }) => metadata?.content_hash ?? "?").toSorted();
  if (JSON.stringify(wanted) !== JSON.stringify(there)) {
    faults.push(`${there.length} files, not ${wanted.length}, or others`);
  }
  const tools = state.tools.filter(({ type }) => type === "query");
  if (tools.length !== (contents.length > 0 ? 1 : 0)) faults.push(`${tools.length} tools`);
  const named = tools.flatMap(({ knowledgeBases }) =>
    knowledgeBases.flatMap(({ fileIds }) => fileIds)
  );
  if (
    JSON.stringify(named.toSorted()) !== JSON.stringify(state.files.map(({ id }) => id).toSorted())
  ) {
    faults.push("the tool names other files");
  }
  for (const { model, metadata } of state.assistants) {
    const holds = model.toolIds.filter((id) => tools.some((tool) => tool.id === id));
    if (holds.length !== tools.length) faults.push(`the ${metadata.role} assistant lacks the tool`);
    const missing = model.toolIds.filter((id) => !state.tools.some((tool) => tool.id === id));
    if (missing.length > 0) faults.push(`the ${metadata.role} assistant has a tool that is gone`);
    const prompt = model.messages[0]?.content ?? "";
    const isNamed = tools.every((tool) => prompt.includes(tool.function.name));
    if (!isNamed) faults.push(`the ${metadata.role} prompt does not name the tool`);
  }
  return faults;
}
