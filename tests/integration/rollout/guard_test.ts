import assert from "node:assert/strict";
import { rollout } from "../../../scripts/rollout.ts";
import { callRpc } from "../../support/call_rpc.ts";
import { createTenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { askOps, keepConfig, runWorker, setFlag } from "./support.ts";

type Rollout = {
  percent: number;
  paused: boolean;
  verdict: { kind: string; because: string } | null;
  measures: { sinceEntered: { turns: number; failed: number } };
  stages: {
    percent: number;
    outcome: string | null;
    leftReason: string | null;
    enteredBy: string;
  }[];
};
const LIMITS = {
  dwellHours: 1,
  maximumErrorRate: 0.01,
  maximumP95Milliseconds: 2_000,
  minimumSample: 100,
  minimumPeople: 1,
};

const readRollout = async () => (await askOps<Rollout>("GET /rollout")).body;
const act = (body: Record<string, unknown>) =>
  askOps<Rollout>("POST /rollout", { body: { reason: "a test", ...body } });
const readPercent = async () =>
  (await queryDatabase<{ percent: number }>(
    `select (value ->> 'unifiedServiceRolloutPercent')::int as percent from public.app_config
     where key = 'unified_service_flags'`,
  ))[0]?.percent;
const readAlert = async (rule: string) =>
  (await queryDatabase<{ state: string }>(
    "select state from public.alerts where rule = $1 order by raised_at desc limit 1",
    [rule],
  ))[0]?.state;

/** What a channel that has just been configured would be told: the rule and the event of each. */
async function claimTold(): Promise<string[]> {
  const told: string[] = [];
  for (;;) {
    const { deliveries } = await callRpc<
      { deliveries: { event: string; alert: { rule: string } }[] }
    >("claim_alert_deliveries", { channels: ["sentry"], limit: 100, lease_seconds: 60 });
    if (deliveries.length === 0) return told;
    told.push(...deliveries.map(({ event, alert }) => `${alert.rule} ${event}`));
  }
}

/** A rollout at 1 % of which turns are remembered, two hours old; every other turn is far away. */
async function withRollout(
  { failed, mode = "automatic" }: { failed: number; mode?: string },
  work: (turns: { plant(failed: number): Promise<void> }) => Promise<void>,
): Promise<void> {
  const { orgId } = await createTenant();
  const plant = async (count: number, failing: number) => {
    await queryDatabase(
      `insert into public.unified_agent_events
         (org_id, contact_id, correlation_id, event_type, outcome, response_ms, created_at)
       select $1::text::uuid, gen_random_uuid(), 'planted', 'turn',
         case when place <= $3::text::int then 'failed' else 'succeeded' end, 300,
         now() - interval '2 seconds'
       from generate_series(1, $2::text::int) as place`,
      [orgId, count, failing],
    );
    await runWorker("aggregate_metrics");
  };
  const age = () =>
    queryDatabase(
      `update public.rollout_stages
       set entered_at = entered_at - interval '2 hours', left_at = left_at - interval '2 hours'`,
    );
  await keepConfig(async () => {
    const stages = [1, 10, 100].map((percent) => ({ percent, ...LIMITS }));
    await act({ action: "set", percent: 0 });
    await act({ action: "plan", plan: { mode, stages } });
    await act({ action: "set", percent: 1 });
    await age();
    await plant(1_000, failed);
    await work({
      async plant(more) {
        await age();
        await plant(1_000, more);
      },
    });
  });
  await queryDatabase(
    "delete from public.unified_agent_events where org_id = $1::text::uuid",
    [orgId],
  );
  await runWorker("aggregate_metrics");
}

Deno.test("a stage that held is advanced, one that breaks is taken back and left for people", async () => {
  await withRollout({ failed: 0 }, async ({ plant }) => {
    await runWorker("advance_rollout");
    assert.equal(await readPercent(), 10);
    const advanced = await readRollout();
    assert.equal(advanced.stages[1]?.outcome, "advanced");
    assert.match(advanced.stages[1]?.leftReason ?? "", /turns, .* failed/);

    await runWorker("advance_rollout");
    assert.equal(await readPercent(), 10, "a new stage has its own time");
    assert.equal(await readAlert("rollout_advanced"), "resolved");
    assert.ok(
      (await claimTold()).includes("rollout_advanced raised"),
      "over, and told all the same",
    );

    await plant(500);
    await runWorker("advance_rollout");
    assert.equal(await readPercent(), 1, "one evaluation after a clear breach");
    const rolledBack = await readRollout();
    assert.deepEqual([rolledBack.stages[1]?.outcome, rolledBack.paused], ["rolled_back", true]);
    assert.equal(rolledBack.stages[0]?.enteredBy, "rollout");
    assert.equal(await readAlert("rollout_breached"), "raised");

    await runWorker("advance_rollout");
    assert.equal(await readPercent(), 1, "and there it stays");
    assert.equal(await readAlert("rollout_breached"), "raised");
    await act({ action: "resume" });
    await runWorker("advance_rollout");
    assert.equal(await readAlert("rollout_breached"), "resolved");
  });
});

Deno.test("whoever has to advance by hand is told that it can be", async () => {
  await withRollout({ failed: 0, mode: "advise" }, async () => {
    await runWorker("advance_rollout");
    assert.equal(await readPercent(), 1);
    assert.ok((await claimTold()).includes("rollout_can_advance raised"));
  });
});

Deno.test("advice moves nothing", async () => {
  await withRollout({ failed: 600, mode: "advise" }, async () => {
    await runWorker("advance_rollout");
    assert.equal(await readPercent(), 1);
    assert.equal((await readRollout()).verdict?.kind, "roll_back");
    assert.equal(await readAlert("rollout_breached"), "raised");
    // What an operator writes begins a stage of its own, of which nothing is known yet.
    await setFlag("{unifiedServiceRolloutPercent}", 10);
    const { percent, verdict, measures } = await readRollout();
    assert.deepEqual([percent, verdict?.kind, measures.sinceEntered.turns], [10, "hold", 0]);
  });
});

Deno.test("of many who move at once one does", async () => {
  await keepConfig(async () => {
    await act({ action: "set", percent: 5 });
    const move = (to_percent: number) =>
      callRpc<{ code: string; percent: number }>("move_rollout", {
        expected_percent: 5,
        to_percent,
        outcome: "advanced",
        actor: "rollout",
        reason: "a race",
      });
    const moves = await Promise.all([10, 20, 30, 40, 50, 60].map(move));
    const [moved, ...others] = moves.filter(({ code }) => code === "moved");
    assert.ok(moved);
    assert.deepEqual(others, []);
    assert.equal(await readPercent(), moved.percent);
  });
});

Deno.test("scripts/rollout steers by the operators' routes", async () => {
  const run = async (...args: string[]) => {
    const lines: string[] = [];
    const { url, secret_key } = readStack();
    const variables: Record<string, string> = {
      SUPABASE_URL: url,
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: secret_key }),
      USER: "ada",
    };
    await rollout(args, {
      print: (line) => void lines.push(line),
      read: (name) => variables[name],
    });
    return lines.join("\n");
  };
  await keepConfig(async () => {
    assert.match(await run("set", "10", "--reason", "begin"), /^10 % inside/);
    assert.match(await run("pause", "--reason", "weekend"), /paused/);
    assert.match(await run("advance", "--reason", "by hand"), /^50 % inside/);
    assert.match(await run("rollback", "--reason", "enough"), /^0 % inside/);
    const status = await run("status");
    assert.match(status, /by operator:ada: enough/);
    assert.match(await run("plan"), /mode advise, paused/);
    await assert.rejects(run("rollback", "--reason", "again"), /nobody is inside \(409\)/);
  });
});
