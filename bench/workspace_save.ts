/**
 * How long a workspace save takes, in multiples of the providers' latency. Every simulated provider
 * answers after 200 ms; the rest is ours. Goal: at most four latencies for the checks and both
 * syncs, two more for number and subscription.
 *
 *   deno run -A bench/workspace_save.ts [--rounds 10] [--latency 200]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { printError, printLine } from "../scripts/local/print_line.ts";
import { REPOSITORY } from "../scripts/local/repository.ts";
import { resetState } from "../scripts/local/reset_state.ts";
import { startStack } from "../scripts/local/start_stack.ts";
import { callFunction } from "../tests/support/call_function.ts";
import { controlSimulator, type SimulatorName } from "../tests/support/control_simulator.ts";
import {
  createAccounts,
  createTenant,
  type Tenant,
  workspaceBody,
} from "../tests/support/create_tenant.ts";
import { queryDatabase } from "../tests/support/query_database.ts";

type Round = {
  /** In provider latencies, from the first request to a provider to the end of the last. */
  checksAndSyncs: number;
  numberAndSubscription: number;
  /** As the caller waits, our own time and the database's included. */
  whole: number;
  /** The longest row of requests of which each waited for the one before. */
  chain: number;
  /** The same of the checks and syncs, and of what came after them. */
  chainOfSyncs: number;
  chainAfterwards: number;
};
type Scenario = { name: string; prepare(tenant: Tenant): Promise<unknown> };

const SIMULATORS: SimulatorName[] = ["vapi", "twilio", "graph"];

/**
 * What the goal allows. A provider's latency is a request that waits for the one before; our own
 * time, which the measured values include, comes on top of them.
 */
const LIMITS = [
  ["checks and both syncs", "chainOfSyncs", 4],
  ["number and subscription", "chainAfterwards", 2],
] as const;

/** Each prepares what is timed: the body that is saved then. */
const SCENARIOS: Scenario[] = [
  {
    name: "first save: both assistants made",
    prepare: ({ accounts }) => Promise.resolve(workspaceBody(accounts)),
  },
  { name: "the same again", prepare: ({ accounts }) => Promise.resolve(workspaceBody(accounts)) },
  {
    name: "after a change: both assistants replaced",
    async prepare({ orgId, accounts }) {
      await queryDatabase(
        `update public.agents set system_prompt = system_prompt || ' Be brief.',
           revision = revision + 1 where org_id = $1::text::uuid`,
        [orgId],
      );
      return workspaceBody(accounts);
    },
  },
  {
    name: "another Vapi account's key: both rebuilt",
    async prepare({ accounts }) {
      const other = await createAccounts("other");
      return { ...workspaceBody(accounts), vapi_api_key: other.vapi.key };
    },
  },
];

async function setLatency(latencyMilliseconds: number): Promise<void> {
  for (const simulator of SIMULATORS) {
    await controlSimulator(simulator, "PUT", { path: "settings", body: { latencyMilliseconds } });
  }
}

async function clearLedgers(): Promise<void> {
  for (const simulator of SIMULATORS) {
    await controlSimulator(simulator, "DELETE", { path: "requests" });
  }
}

type Span = { path: string; began: number; ended: number };
async function readSpans(): Promise<Span[]> {
  const spans: Span[] = [];
  for (const simulator of SIMULATORS) {
    const entries = await controlSimulator<
      { path: string; time: string; durationMilliseconds: number }[]
    >(simulator, "GET", { path: "requests" });
    for (const { path, time, durationMilliseconds } of entries) {
      const began = Date.parse(time);
      spans.push({ path, began, ended: began + durationMilliseconds });
    }
  }
  return spans;
}

async function runRound(tenant: Tenant, body: unknown, latency: number): Promise<Round> {
  await queryDatabase("delete from public.rate_limits where org_id = $1::text::uuid", [
    tenant.orgId,
  ]);
  await clearLedgers();
  const began = performance.now();
  const answer = await callFunction("workspace-save", { token: tenant.owner.token, body });
  const whole = performance.now() - began;
  if (answer.status !== 200) throw new Error(`Cannot save: ${answer.status} ${answer.text}`);
  await verifyRows(tenant);

  const spans = await readSpans();
  const first = Math.min(...spans.map((span) => span.began));
  const last = Math.max(...spans.map((span) => span.ended));
  const synced = Math.max(
    ...spans.filter(({ path }) => path.startsWith("/assistant")).map(({ ended }) => ended),
  );
  const isSync = ({ ended }: Span) => ended <= synced;
  return {
    checksAndSyncs: (synced - first) / latency,
    numberAndSubscription: Math.max(0, last - synced) / latency,
    whole: whole / latency,
    chain: countChain(spans),
    chainOfSyncs: countChain(spans.filter(isSync)),
    chainAfterwards: countChain(spans.filter((span) => !isSync(span))),
  };
}

function countChain(spans: Span[]): number {
  const longest: { ended: number; length: number }[] = [];
  for (const { began, ended } of spans.toSorted((one, other) => one.began - other.began)) {
    const before = longest.filter((link) => link.ended <= began).map(({ length }) => length);
    longest.push({ ended, length: 1 + Math.max(0, ...before) });
  }
  return Math.max(0, ...longest.map(({ length }) => length));
}

/** A fast save that did not do its work counts for nothing. */
async function verifyRows({ orgId }: Tenant): Promise<void> {
  const [row] = await queryDatabase<{ agents: number; integrations: number; bound: number }>(
    `select
       (select count(*)::int from public.agents
        where org_id = $1::text::uuid and sync_status = 'synced'
          and applied_revision = revision and vapi_assistant_id is not null) as agents,
       (select count(*)::int from public.integrations
        where org_id = $1::text::uuid and connected) as integrations,
       (select count(*)::int from public.integrations
        where org_id = $1::text::uuid
          and (public_config ? 'number' or public_config ? 'subscribed_at')) as bound`,
    [orgId],
  );
  if (row?.agents !== 2 || row.integrations !== 3 || row.bound !== 2) {
    throw new Error(`Cannot count this round: the rows say ${JSON.stringify(row)}`);
  }
}

const median = (values: number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;

function report(name: string, rounds: Round[]): void {
  printLine(name);
  for (
    const [label, key] of [
      ["checks and both syncs", "checksAndSyncs"],
      ["then number and subscription", "numberAndSubscription"],
      ["the whole, as the caller waits", "whole"],
      ["requests one after the other", "chain"],
    ] as const
  ) {
    const values = rounds.map((round) => round[key]);
    const shown = [median(values), Math.max(...values)].map((value) =>
      value.toFixed(2).padStart(6)
    );
    printLine(`  ${label.padEnd(32)} median ${shown[0]}   worst ${shown[1]}`);
  }
  for (const [label, key, limit] of LIMITS) {
    const worst = Math.max(...rounds.map((round) => round[key]));
    const verdict = worst <= limit ? "met" : "missed";
    printLine(
      `  ${verdict}: ${label} wait for ${worst} requests in a row at worst, of ${limit} allowed`,
    );
  }
}

async function runAll(rounds: number, latency: number): Promise<void> {
  // The first request of a process compiles and connects: it is not what is measured.
  const warm = await createTenant();
  await callFunction("workspace-save", {
    token: warm.owner.token,
    body: workspaceBody(warm.accounts),
  });
  const results = new Map<string, Round[]>(SCENARIOS.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const tenant = await createTenant();
    for (const { name, prepare } of SCENARIOS) {
      const body = await prepare(tenant);
      await setLatency(latency);
      results.get(name)?.push(await runRound(tenant, body, latency));
      await setLatency(0);
    }
  }
  printLine(`${rounds} rounds of each; times in provider latencies of ${latency} ms`);
  for (const [name, measured] of results) report(name, measured);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "10" },
      latency: { type: "string", default: "200" },
    },
  });
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
      await runAll(Number(values.rounds), Number(values.latency));
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
