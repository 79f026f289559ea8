/**
 * Durable ingest (signed HTTP, commit, 200) beside what else one would use, in one run: the same SQL
 * function by pgbench, a bare insert handler, pg-boss, graphile-worker and DBOS. Same machine, same
 * PostgreSQL, same durability, same pool of 20. A figure counts only if the rows are as many as were
 * acknowledged.
 *
 *   deno run -A bench/ingest/main.ts [--seconds 2] [--rounds 3] [--connections 1,16,64,256] [--only webhook,pgbench]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findFreePort } from "../../scripts/local/find_free_port.ts";
import { type Database, openDatabase } from "../../scripts/local/open_database.ts";
import { printError, printLine } from "../../scripts/local/print_line.ts";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import { resetState } from "../../scripts/local/reset_state.ts";
import { type Stack, startStack } from "../../scripts/local/start_stack.ts";
import { APP_SECRET, createWhatsappTenant } from "../../tests/support/whatsapp.ts";
import { loadHttp, type Measured } from "./http_load.ts";
import { prepareContenders, runContender } from "./run_contender.ts";
import { runPgbench } from "./run_pgbench.ts";

type Contender = {
  name: string;
  measure(connections: number): Promise<Measured>;
  /** Rows that it has stored so far. */
  countRows(): Promise<number>;
};

const POOL = 20;
const { values } = parseArgs({
  args: Deno.args,
  options: {
    seconds: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
    connections: { type: "string", default: "1,16,64,256" },
    only: { type: "string" },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const connectionCounts = values.connections.split(",").map(Number);

async function count(database: Database, query: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(query);
  return row?.count ?? 0;
}

async function makeContenders(
  stack: Stack,
  database: Database,
): Promise<Contender[]> {
  const { orgId, phoneNumberId } = await createWhatsappTenant({
    isInRollout: false,
  });
  const url = stack.file.database_url;
  const http = (port: number, path: string) => (connections: number) =>
    loadHttp({
      port,
      path,
      secret: APP_SECRET,
      phoneNumberId,
      connections,
      seconds,
    });

  const port = findFreePort();
  await database.execute(
    "create schema bare; create table bare.messages (wamid text primary key, payload jsonb, created_at timestamptz default now());",
  );
  const bare = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      join(REPOSITORY, "bench/ingest/bare_handler.ts"),
      String(port),
      url,
      APP_SECRET,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  ending.push(() => bare.kill("SIGTERM"));
  await waitForPort(port);

  const messages =
    `select count(*)::int as count from public.inbound_messages where org_id = '${orgId}'`;
  const others: [string, string, string][] = [
    [
      "pg-boss send",
      "pg_boss",
      "select count(*)::int as count from pgboss.job",
    ],
    [
      "graphile-worker addJob",
      "graphile_worker",
      "select count(*)::int as count from graphile_worker._private_jobs",
    ],
    [
      "DBOS startWorkflow",
      "dbos",
      "select count(*)::int as count from dbos.workflow_status",
    ],
  ];
  const contenders: Contender[] = [
    {
      name: "webhook",
      measure: http(
        stack.file.functions["unified-webhook"]!.port,
        "/unified-webhook/whatsapp",
      ),
      countRows: () => count(database, messages),
    },
    {
      name: "same RPC by pgbench",
      measure: (connections) =>
        runPgbench({
          url,
          phoneNumberId,
          clients: Math.min(connections, POOL),
          seconds,
        }),
      countRows: () => count(database, messages),
    },
    {
      name: "bare insert handler",
      measure: http(port, "/"),
      countRows: () => count(database, "select count(*)::int as count from bare.messages"),
    },
  ];
  for (const [name, file, rows] of others) {
    await database.query(`create database bench_${file}`);
    const own = url.replace(/\/[^/]*$/, `/bench_${file}`);
    const ownDatabase = openDatabase(own, { connections: 1 });
    ending.push(() => ownDatabase.close());
    contenders.push({
      name,
      measure: (connections) => runContender({ file, url: own, connections, seconds }),
      countRows: () => count(ownDatabase, rows).catch(() => 0),
    });
  }
  const only = values.only?.split(",");
  return contenders.filter(({ name }) =>
    only === undefined || only.some((part) => name.includes(part))
  );
}

async function waitForPort(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`Cannot reach 127.0.0.1:${port}`);
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

const WARM_UP_CONNECTIONS = 64;

async function compare(contenders: Contender[]): Promise<boolean> {
  const results = new Map<string, Measured[]>();
  let isExact = true;
  // Everybody's connections have their plans, and everybody who writes is known, before the clock starts.
  for (const contender of contenders) await contender.measure(WARM_UP_CONNECTIONS);
  for (let round = 0; round < rounds; round += 1) {
    for (const connections of connectionCounts) {
      for (const contender of contenders) {
        const before = await contender.countRows();
        const measured = await contender.measure(connections);
        const rows = await contender.countRows() - before;
        const acknowledged = measured.acknowledged + measured.warmedUp;
        if (rows !== acknowledged) {
          isExact = false;
          printError(`${contender.name}: ${acknowledged} acknowledged, ${rows} rows`);
        }
        const key = `${connections} ${contender.name}`;
        results.set(key, [...results.get(key) ?? [], measured]);
      }
    }
  }
  for (const connections of connectionCounts) {
    printLine(`\n${connections} connection${connections === 1 ? "" : "s"}`);
    const rate = (name: string) =>
      median(
        (results.get(`${connections} ${name}`) ?? []).map(({ perSecond }) => perSecond),
      );
    for (const { name } of contenders) {
      const found = results.get(`${connections} ${name}`) ?? [];
      const worst = Math.min(...found.map(({ perSecond }) => perSecond));
      const times = rate("webhook") / rate(name);
      printLine(
        [
          `  ${name.padEnd(24)}`,
          `${Math.round(rate(name))}/s`.padStart(9),
          `worst ${Math.round(worst)}/s`.padStart(14),
          `p50 ${median(found.map(({ p50 }) => p50)).toFixed(1)} ms`.padStart(
            14,
          ),
          `p99 ${median(found.map(({ p99 }) => p99)).toFixed(1)} ms`.padStart(
            15,
          ),
          name === "webhook" ? "" : `webhook is ${times.toFixed(1)}×`.padStart(18),
        ].join(" "),
      );
    }
  }
  return isExact;
}

const ending: (() => unknown)[] = [];
const stateFolder = join(REPOSITORY, ".local", `bench-${Deno.pid}`);
const stack = await startStack({
  engine: "postgres",
  stateFolder,
  port: 0,
  // Ingest alone: nobody else's jobs are worked on either.
  overrides: { AGENT_SYSTEM_ENABLED: "false", AGENT_LOG_LEVEL: "ERROR" },
  reset: false,
  cron: false,
  watch: false,
  echo: false,
  report: () => {},
  signal: new AbortController().signal,
});
let isExact = false;
try {
  Deno.env.set("SWITCHBOARD_STACK", stack.path);
  await prepareContenders();
  const database = openDatabase(stack.file.database_url, { connections: 2 });
  ending.push(() => database.close());
  isExact = await compare(await makeContenders(stack, database));
} finally {
  for (const end of ending.reverse()) await end();
  await stack.stop();
  await resetState(stateFolder);
}
if (!isExact) Deno.exit(1);
