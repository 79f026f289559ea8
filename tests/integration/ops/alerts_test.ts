import { deepEqual, equal, ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { FLAGGED_AGENTS } from "../../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import type { AlertView } from "../../../supabase/functions/_shared/services/list_alerts.ts";
import { callFunction } from "../../support/call_function.ts";
import { createMember, createTenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { waitUntil } from "../support/workspace.ts";

type Listed = { alerts: AlertView[]; nextCursor: string | null };

async function evaluate(): Promise<void> {
  const requestId = randomUUID();
  const { status, text } = await callFunction("worker/run", {
    apiKey: readStack().secret_key,
    headers: { "x-request-id": requestId },
    body: { kind: "evaluate_alerts" },
  });
  equal(status, 202, text);
  await waitUntil("the end of the evaluation", async () => {
    const [beat] = await queryDatabase<{ phase: string }>(
      "select phase from public.worker_heartbeats where kind = 'evaluate_alerts' and request_id = $1",
      [requestId],
    );
    return beat?.phase === "completed";
  });
}

Deno.test("ops: an alert is raised by a rule, seen, acknowledged and over", async () => {
  const [tenant, other] = await Promise.all([createTenant(), createTenant()]);
  const { orgId, owner } = tenant;
  const admin = await createMember(orgId, "admin");
  const apiKey = readStack().secret_key;
  await queryDatabase(
    `insert into public.dead_letters (org_id, source, source_id, reason)
     values ($1::text::uuid, 'vapi', $2, 'it broke')`,
    [orgId, randomUUID()],
  );
  await evaluate();
  const list = (query: string, call: object) => callFunction<Listed>(`ops/alerts${query}`, call);

  const own = await list("?state=open", { token: owner.token });
  equal(own.status, 200, own.text);
  deepEqual(own.body.alerts.map(({ rule, key, state }) => [rule, key, state]), [
    ["dead_letters", "vapi", "raised"],
  ]);
  const { id } = own.body.alerts[0]!;
  const all = await list(`?org_id=${orgId}&rule=dead_letters`, { apiKey });
  deepEqual(all.body.alerts.map((alert) => alert.id), [id]);
  deepEqual((await list("", { token: other.owner.token })).body.alerts, []);
  equal((await list("", { token: admin.token })).status, 403);
  equal((await list("", {})).status, 401);

  const acknowledge = (call: object) =>
    callFunction<{ alert: AlertView }>(`ops/alerts/${id}/ack`, { method: "POST", ...call });
  equal((await acknowledge({ token: other.owner.token })).status, 404);
  equal((await acknowledge({ token: admin.token })).status, 403);
  const seen = await acknowledge({ token: owner.token });
  equal(seen.status, 200, seen.text);
  deepEqual([seen.body.alert.state, seen.body.alert.acknowledgedBy], ["acknowledged", owner.id]);
  equal((await acknowledge({ apiKey })).body.alert.acknowledgedBy, owner.id);

  await queryDatabase(
    "update public.dead_letters set replayed_at = now() where org_id = $1::text::uuid",
    [orgId],
  );
  await evaluate();
  deepEqual((await list("?state=open", { token: owner.token })).body.alerts, []);
  equal((await acknowledge({ token: owner.token })).status, 409);
});

Deno.test("ops: a rule that takes too long costs its own time, and silences no other", async () => {
  const { orgId } = await createTenant();
  const function_ = "private.find_access_refused(jsonb)";
  const [before] = await queryDatabase<{ source: string }>(
    `select pg_get_functiondef('${function_}'::regprocedure) as source`,
  );
  await queryDatabase(
    `create or replace function private.find_access_refused(p_threshold jsonb)
     returns table (org_id uuid, dedupe_key text, message text, details jsonb)
     language plpgsql stable set search_path = '' as $$ begin perform pg_sleep(60); end $$`,
  );
  const openKeys = (where: string) =>
    queryDatabase<{ key: string }>(
      `select dedupe_key as key from public.alerts where state <> 'resolved' and ${where}`,
    );
  try {
    await queryDatabase(
      `insert into public.dead_letters (org_id, source, source_id, reason)
       values ($1::text::uuid, 'vapi', $2, 'it broke')`,
      [orgId, randomUUID()],
    );
    await evaluate();
    // Once may be a slow minute.
    await evaluate();
    deepEqual(await openKeys("rule = 'alert_rule_failed'"), [
      { key: "access_refused_across_tenants" },
    ]);
    deepEqual(await openKeys(`org_id = '${orgId}'`), [{ key: "vapi" }]);
    // The one before is kept for five seconds.
    await waitUntil("health to tell", async () => {
      const { body } = await callFunction("ops/health");
      return String(body["failed_alert_rules"]) === "access_refused_across_tenants";
    });
  } finally {
    await queryDatabase(before!.source);
  }
  await evaluate();
  deepEqual(await openKeys("rule = 'alert_rule_failed'"), []);
});

Deno.test("ops: health names the domains and the flags in force, and nobody in them", async () => {
  // Anything may be degraded here; what is told of it is the same.
  for (const path of ["unified-webhook", "wa-webhook-unified", "ops"]) {
    const { status, body } = await callFunction(`${path}/health`);
    equal(status, 200);
    deepEqual(body["domains"], [...FLAGGED_AGENTS], path);
    ok(["healthy", "degraded"].includes(String(body["status"])));
  }
  const { body } = await callFunction<{ flags: Record<string, unknown> }>("ops/health");
  const [stored] = await queryDatabase<{ value: Record<string, unknown> }>(
    "select value from public.app_config where key = 'unified_service_flags'",
  );
  deepEqual(body.flags["agentFlags"], stored?.value["agentFlags"]);
  for (const hidden of ["allow", "deny", "overrides"]) ok(!(hidden in body.flags), hidden);
});
