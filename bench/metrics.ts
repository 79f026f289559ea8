/**
 * How long `GET /ops/metrics` takes with 10 M turns stored, over HTTP on the local stack. The turns are
 * planted by SQL over seven days and 1,000 organizations; what is read of them is counted by the worker's
 * own job, whose steps are timed as well. The sums are held against the rows. Goals: p95 under 100 ms, and
 * under 500 ms of `GET /health`, which looks at the database every time that it is asked after a rest.
 *
 *   deno run -A bench/metrics.ts [--events 10000000] [--organizations 1000] [--rounds 200]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDatabase } from "../scripts/local/open_database.ts";
import { printError, printLine } from "../scripts/local/print_line.ts";
import { REPOSITORY } from "../scripts/local/repository.ts";
import { resetState } from "../scripts/local/reset_state.ts";
import { startStack } from "../scripts/local/start_stack.ts";
import { callFunction } from "../tests/support/call_function.ts";
import { queryDatabase } from "../tests/support/query_database.ts";
import { readStack } from "../tests/support/read_stack.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "10000000" },
    organizations: { type: "string", default: "1000" },
    rounds: { type: "string", default: "200" },
  },
});
const [events, organizations, rounds] = [
  Number(values.events),
  Number(values.organizations),
  Number(values.rounds),
];
const GOAL_MILLISECONDS = 100;
const HEALTH_GOAL_MILLISECONDS = 500;
/** Longer than an answer of health is kept. */
const HEALTH_REST_MILLISECONDS = 5_100;
const HEALTH_ROUNDS = 20;
const HEALTH_PATHS = ["ops/health", "unified-webhook/health"];
const AT_ONCE = 250_000;
const ORGANIZATION = "d0000000-0000-4000-8000-000000000001";

async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Oldest first, as they would have come. A tenth are one organization's. */
async function plant(): Promise<void> {
  const database = openDatabase(readStack().database_url, { connections: 1 });
  try {
    // Nothing is planted that a key would refuse, and to look each up takes longer than all else.
    await database.execute("set session_replication_role = replica");
    await fill((text) => database.query(text));
  } finally {
    await database.close();
  }
}

async function fill(run: (text: string) => Promise<unknown>): Promise<void> {
  await run(
    `insert into public.organizations (id, name)
     select ('d0000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid, 'Organization ' || number
     from generate_series(1, ${organizations}) as number`,
  );
  for (let first = 0; first < events; first += AT_ONCE) {
    await run(
      `insert into public.unified_agent_events (
         org_id, correlation_id, event_type, outcome, agent, response_ms, duration_ms, input_tokens,
         output_tokens, cost_usd, database_ms, created_at
       )
       select
         ('d0000000-0000-4000-8000-' || lpad(
           (case when random() < 0.1 then 1 else 1 + floor(random() * ${organizations}) end)::text, 12, '0'
         ))::uuid, 'bench', 'turn', case when random() < 0.004 then 'failed' else 'succeeded' end,
         (array['marketplace', 'jobs', 'property', 'farmer', 'waiter', 'insurance', 'rides', 'sales',
           'business_broker', 'support'])[1 + floor(random() * 10)],
         floor(exp(random() * 8.5)), 100, case when number % 4 = 0 then 900 end, case when number % 4 = 0 then 80 end,
         case when number % 4 = 0 then 0.0004 end, random() * 20,
         now() - interval '7 days' + (number::float8 / ${events}) * interval '7 days'
       from generate_series(${first + 1}, ${Math.min(first + AT_ONCE, events)}) as number`,
    );
  }
  await run("analyze public.unified_agent_events");
  await run(
    `update private.metric_progress set counted_until = date_trunc('hour', now() - interval '7 days', 'UTC')`,
  );
}

/** The worker's job, step by step; answers how long each took. */
async function aggregate(): Promise<number[]> {
  const steps: number[] = [];
  for (let more = true; more;) {
    steps.push(
      await time(async () => {
        const [row] = await queryDatabase<{ more: boolean }>(
          "select (public.aggregate_metrics('{}') ->> 'more')::boolean as more",
        );
        more = row?.more ?? false;
      }),
    );
  }
  return steps;
}

async function check(): Promise<boolean> {
  const [row] = await queryDatabase<{ counted: number; rows: number }>(
    `select
       (select sum(succeeded_count + failed_count)::int from public.metric_hours
        where metric = 'turn' and org_id is null) as counted,
       (select count(*)::int from public.unified_agent_events
        where created_at >= (select min(hour) from public.metric_hours)) as rows`,
  );
  printLine(`counted ${row?.counted} of ${row?.rows} turns`);
  return row !== undefined && row.counted === row.rows;
}

const percentile = (list: number[], share: number) =>
  list.toSorted((one, other) => one - other)[
    Math.min(list.length - 1, Math.floor(list.length * share))
  ] ?? 0;

function report(name: string, list: number[]): void {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(list, share).toFixed(1));
  printLine(`${name.padEnd(34)} p50 ${p50} ms  p95 ${p95} ms  p99 ${p99} ms`);
}

async function measure(): Promise<boolean> {
  const planted = await time(plant);
  printLine(`${events} turns of ${organizations} organizations in ${Math.round(planted / 1000)} s`);
  report("a step of the job, catching up", await aggregate());
  report("a step of the job, each minute", [
    ...await aggregate(),
    ...await aggregate(),
    ...await aggregate(),
  ]);
  const isRight = await check();
  for (const table of ["metric_hours", "metric_minutes"]) {
    await queryDatabase(`vacuum analyze public.${table}`);
  }

  const apiKey = readStack().secret_key;
  const ask = (path: string) =>
    time(async () => {
      const { status, text } = await callFunction(path, { apiKey });
      if (status !== 200) throw new Error(`Cannot measure "${path}": ${status} ${text}`);
    });
  const paths = [
    "ops/health?live=1",
    "ops/metrics",
    "ops/metrics?format=prometheus",
    `ops/metrics?org_id=${ORGANIZATION}`,
    "ops/slo",
    "ops/events?limit=50",
    "ops/events?outcome=failed&limit=50",
    `ops/events?org_id=${ORGANIZATION}&limit=50`,
    `ops/costs?org_id=${ORGANIZATION}`,
  ];
  const times = paths.map((): number[] => []);
  // Interleaved, so that a busy moment of the machine is everybody's.
  for (let round = 0; round < rounds + 10; round++) {
    for (const [index, path] of paths.entries()) {
      const milliseconds = await ask(path);
      if (round >= 10) times[index]?.push(milliseconds);
    }
  }
  for (const [index, path] of paths.entries()) {
    report(`GET /${path.replace(ORGANIZATION, "…")}`, times[index] ?? []);
  }
  const isFast = judge("GET /ops/metrics", times[1] ?? [], GOAL_MILLISECONDS);
  const healths = HEALTH_PATHS.map((): number[] => []);
  for (let round = 0; round < HEALTH_ROUNDS; round++) {
    await new Promise((resolve) => setTimeout(resolve, HEALTH_REST_MILLISECONDS));
    for (const [index, path] of HEALTH_PATHS.entries()) healths[index]?.push(await ask(path));
  }
  const areHealthsFast = HEALTH_PATHS.map((path, index) => {
    report(`GET /${path}, looked up`, healths[index] ?? []);
    return judge(`GET /${path}`, healths[index] ?? [], HEALTH_GOAL_MILLISECONDS);
  });
  return isRight && isFast && areHealthsFast.every(Boolean);
}

/** Prints whether a goal is met. */
function judge(name: string, list: number[], goal: number): boolean {
  const isMet = percentile(list, 0.95) < goal;
  printLine(`${name} p95 under ${goal} ms: ${isMet ? "met" : "missed"}`);
  return isMet;
}

if (import.meta.main) {
  const stateFolder = join(REPOSITORY, ".local", `bench-${Deno.pid}`);
  const interruption = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => interruption.abort());
  }
  let exitCode = 0;
  try {
    const stack = await startStack({
      engine: "postgres",
      stateFolder,
      port: 0,
      overrides: {},
      reset: false,
      cron: false,
      watch: false,
      echo: false,
      report: () => {},
      signal: interruption.signal,
    });
    try {
      Deno.env.set("SWITCHBOARD_STACK", stack.path);
      if (!await measure()) exitCode = 1;
    } finally {
      await stack.stop();
    }
  } catch (error) {
    printError(String(error));
    exitCode = 1;
  }
  await resetState(stateFolder);
  Deno.exit(exitCode);
}
