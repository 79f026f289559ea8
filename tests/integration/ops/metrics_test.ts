import { deepEqual, equal, ok } from "node:assert/strict";
import type { MetricsView } from "../../../supabase/functions/_shared/domain/metrics/summarize_metrics.ts";
import { callFunction, type FunctionAnswer } from "../../support/call_function.ts";
import { callRpc } from "../../support/call_rpc.ts";
import { createMember, createTenant } from "../../support/create_tenant.ts";
import { parsePrometheus } from "../../support/parse_prometheus.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { setRollout } from "../../support/whatsapp.ts";
import { waitUntil } from "../support/workspace.ts";

/** Turns of an organization over the last hour: every tenth failed. */
async function plant(orgId: string, turns: number): Promise<void> {
  // With a percentage of its own it has no part in the rollout that other tests measure.
  await setRollout(orgId, 0);
  await queryDatabase(
    `insert into public.unified_agent_events
       (org_id, correlation_id, event_type, outcome, agent, response_ms, input_tokens, cost_usd, created_at)
     select $1::text::uuid, 'planted', 'turn', case when n % 10 = 0 then 'failed' else 'succeeded' end, 'jobs',
       n * 37 % 4000, 10, 0.001, clock_timestamp() - make_interval(secs => n * 7 % 3000)
     from generate_series(1, $2::text::int) as n`,
    [orgId, String(turns)],
  );
  // As if the worker hadn't looked for an hour.
  await queryDatabase(
    `update private.metric_progress as progress
     set counted_until = least(progress.counted_until, began.hour), minutes_from = least(progress.minutes_from, began.hour)
     from (select date_trunc('hour', now() - interval '2 hours', 'UTC') as hour) as began`,
  );
}

async function runWorker(): Promise<void> {
  const requestId = crypto.randomUUID();
  const { status, text } = await callFunction("worker/run", {
    apiKey: readStack().secret_key,
    headers: { "x-request-id": requestId },
    body: { kind: "aggregate_metrics" },
  });
  equal(status, 202, text);
  await waitUntil("the end of the run", async () => {
    const beats = await queryDatabase<{ phase: string }>(
      `select phase from public.worker_heartbeats
       where kind = 'aggregate_metrics' and request_id = $1 and phase <> 'started'`,
      [requestId],
    );
    return beats.length > 0;
  });
}

async function recount(orgId: string) {
  const [row] = await queryDatabase<{ succeeded: number; failed: number; tokens: number }>(
    `select count(*) filter (where outcome = 'succeeded')::int as succeeded,
       count(*) filter (where outcome = 'failed')::int as failed, sum(input_tokens)::int as tokens
     from public.unified_agent_events where org_id = $1::text::uuid`,
    [orgId],
  );
  return row;
}

Deno.test("what the worker counts is what the rows say, to whom they belong", async (test) => {
  const [tenant, other] = await Promise.all([createTenant(), createTenant()]);
  const { orgId, owner } = tenant;
  await plant(orgId, 300);
  await plant(other.orgId, 40);
  await runWorker();
  const apiKey = readStack().secret_key;
  const read = async (call: Parameters<typeof callFunction>[1], query = "") => {
    const answer = await callFunction<MetricsView & { orgId: string | null; code?: string }>(
      `ops/metrics${query}`,
      call,
    );
    return { status: answer.status, body: answer.body };
  };

  await test.step("an owner sees the own", async () => {
    const { status, body } = await read({ token: owner.token });
    equal(status, 200);
    const { turn, tokens } = body.windows["24h"] ?? {};
    deepEqual(
      { succeeded: turn?.succeeded, failed: turn?.failed, tokens: tokens?.value },
      await recount(orgId),
    );
    equal(body.orgId, orgId);
    equal(turn?.labels[0]?.label, "jobs");
    ok((turn?.p95Ms ?? 0) > 3000 && (turn?.p95Ms ?? 0) <= 4000, `p95 of ${turn?.p95Ms} ms`);
  });

  await test.step("and nobody another's", async () => {
    const admin = await createMember(orgId, "admin");
    const calls: [Parameters<typeof callFunction>[1], string, number][] = [
      [{ token: owner.token }, `?org_id=${other.orgId}`, 403],
      [{ token: owner.token, headers: { "x-org-id": other.orgId } }, "", 403],
      [{ token: admin.token }, "", 403],
      [{}, "", 401],
      [{ apiKey: readStack().publishable_key }, "", 401],
    ];
    for (const route of ["metrics", "slo", "events", "costs"]) {
      for (const [call, query, status] of calls) {
        const answer = await callFunction(`ops/${route}${query}`, call);
        equal(answer.status, status, `${route}${query}: ${answer.text}`);
      }
    }
  });

  await test.step("an operator sees one, and everybody", async () => {
    const one = await read({ apiKey }, `?org_id=${other.orgId}`);
    equal(one.body.windows["24h"]?.turn?.failed, (await recount(other.orgId))?.failed);
    const all = await read({ apiKey });
    ok((all.body.windows["24h"]?.turn?.succeeded ?? 0) >= 270 + 36);
    ok(all.body.gauges.some(({ gauge }) => gauge === "queue_depth"));
  });

  await test.step("Prometheus reads the same", async () => {
    const { text, headers } = await callFunction(`ops/metrics?org_id=${orgId}`, {
      apiKey,
      headers: { accept: "text/plain;version=0.0.4;q=0.5,*/*;q=0.1" },
    });
    equal(headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const failed = parsePrometheus(text).find(({ name, labels }) =>
      name === "switchboard_turns" && labels.get("window") === "24h" &&
      labels.get("outcome") === "failed"
    );
    equal(failed?.value, (await recount(orgId))?.failed);
    equal(failed?.labels.get("organization"), orgId);
  });

  await test.step("service levels, events and costs are the organization's", async () => {
    type Levels = {
      levels: { name: string; met: boolean; budget: { total: number; remaining: number } }[];
    };
    const { body: slo } = await callFunction<Levels>("ops/slo", { token: owner.token });
    const messages = slo.levels.find(({ name }) => name === "messages");
    equal(messages?.met, false);
    equal(messages?.budget.total, 300);
    ok((messages?.budget.remaining ?? 1) < 0);

    const seen: string[] = [];
    type Page = {
      events: { id: string; orgId: string; outcome: string }[];
      nextCursor: string | null;
    };
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const { status, body }: FunctionAnswer<Page> = await callFunction<Page>(
        `ops/events?source=agents&outcome=failed&limit=13${page}`,
        { token: owner.token },
      );
      equal(status, 200);
      ok(body.events.every((event) => event.orgId === orgId && event.outcome === "failed"));
      seen.push(...body.events.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    deepEqual([seen.length, new Set(seen).size], [30, 30]);

    const { body: costs } = await callFunction<
      { costs: { orgId: string; inputTokens: number; totalUsd: number }[] }
    >(`ops/costs?from=${new Date(Date.now() - 7_200_000).toISOString().slice(0, 7)}`, {
      token: owner.token,
    });
    deepEqual([...new Set(costs.costs.map((cost) => cost.orgId))], [orgId]);
    equal(costs.costs.reduce((sum, cost) => sum + cost.inputTokens, 0), 3000);
  });
});

Deno.test("workers that count at once count once", async () => {
  const { orgId } = await createTenant();
  await plant(orgId, 100);
  await Promise.all(Array.from({ length: 4 }, async () => {
    while ((await callRpc<{ more: boolean }>("aggregate_metrics", {})).more);
  }));
  const [row] = await queryDatabase<{ minutes: number; hours: number }>(
    `select
       (select sum(succeeded_count + failed_count)::int from public.metric_minutes
        where org_id = $1::text::uuid and metric = 'turn') as minutes,
       (select sum(succeeded_count + failed_count)::int from public.metric_hours
        where org_id = $1::text::uuid and metric = 'turn') as hours`,
    [orgId],
  );
  deepEqual(row, { minutes: 100, hours: 100 });
});
