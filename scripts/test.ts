import { parseArgs } from "node:util";
import { type Counts, describeCounts, sumCounts } from "./local/checks/count_results.ts";
import { findHeavyTests, findTests } from "./local/checks/find_tests.ts";
import { listStaticChecks, listUnitTests } from "./local/checks/list_checks.ts";
import { type Check, runCheck } from "./local/checks/run_check.ts";
import { withTestStack } from "./local/checks/with_test_stack.ts";
import { printError, printLine } from "./local/print_line.ts";
import { REPOSITORY } from "./local/repository.ts";
import { StackError } from "./local/stack_error.ts";
import type { Engine } from "./local/stack_file.ts";
import type { Stack } from "./local/start_stack.ts";
import { runLanes } from "./ok.ts";
import { readTree, recordPass } from "./release/preflight/confirm_tests.ts";

const HELP = `Run tests. Without a suite: everything, with format, lint and types.

  deno task test [suite] [--filter <text>]

  unit          tests that need no service
  heavy         of those, what takes seconds: documents at the platform's limits, what a search finds
  db            pgTAP tests of the migrations
  integration   one service over HTTP, on the local stack
  e2e           whole journeys, on copies that the Supabase CLI deployed to a stand-in for the
                platform, and a smoke run of them on PGlite
  faults        journeys with processes killed, on the local stack
  rehearsal     what a release uploads, and that it boots with nothing else there
  releases      the previous release's database and functions over today's migrations, advisors
  docs          README's path from a clone to a rehearsed release, and the runbook's commands

The last line is always "N passed, N failed"; ", N skipped" follows where tests were left out, each
named with its reason in a line before it, and by a release of this commit.
`;

/** Those that run on the checkout's functions, and those that run on uploaded copies of them. */
const STACKS = { checkout: ["integration", "faults"], uploaded: ["e2e", "rehearsal"] } as const;
const STACK_SUITES = [...STACKS.checkout, ...STACKS.uploaded] as const;
const SUITES = ["unit", "heavy", "db", ...STACK_SUITES, "releases", "docs"] as const;
type Suite = (typeof SUITES)[number];

const ONE_FAILURE: Counts = { passed: 0, failed: 1, skipped: [] };

type Run = { filter: string | undefined; signal: AbortSignal };

function denoTest(
  name: string,
  files: string[],
  { stack, filter }: Run & { stack?: Stack },
): Check {
  return {
    name,
    command: Deno.execPath(),
    args: [
      ["test", "--allow-all", "--no-check"],
      filter === undefined ? [] : [`--filter=${filter}`],
      files,
    ].flat(),
    ...(stack === undefined ? {} : { env: { SWITCHBOARD_STACK: stack.path } }),
    summary: "deno",
  };
}

/** All of them in two processes side by side; what a filter leaves is for one. */
function databaseTests({ filter }: Run): Check[] {
  return (filter === undefined ? ["--half=1", "--half=2"] : [filter]).map((chosen) => ({
    name: "database tests",
    command: Deno.execPath(),
    args: ["run", "--allow-all", "scripts/local/pgtap.ts", chosen],
    summary: "tap",
  }));
}

const typesAreCurrent = (stack: Stack): Check => ({
  name: "generated types",
  command: Deno.execPath(),
  args: [
    ["run", "--allow-all", "scripts/types.ts", "--check"],
    [`--database-url=${stack.file.database_url}`],
  ].flat(),
  summary: "none",
});

/** A stack that doesn't start is one failure, said in one line. */
async function onStack(
  { engine, functions }: { engine: Engine; functions: "checkout" | "uploaded" },
  { signal }: Run,
  use: (stack: Stack) => Promise<Counts[]>,
): Promise<Counts[]> {
  try {
    return await withTestStack({ engine, functions, signal }, use);
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    printError(error.message);
    return [ONE_FAILURE];
  }
}

async function runSuites(suites: readonly Suite[], run: Run): Promise<Counts[]> {
  const isEverything = suites.length === SUITES.length && run.filter === undefined;
  const show = { show: "stream", signal: run.signal } as const;
  const results: Counts[] = [];
  if (isEverything) results.push(await runLanes(await listStaticChecks()));
  if (suites.includes("unit")) {
    const check = await listUnitTests(run.filter);
    if (check !== undefined) results.push(await runCheck(check, show));
  }
  if (suites.includes("heavy")) {
    const check = denoTest("heavy tests", await findHeavyTests(), run);
    results.push(await runCheck({ ...check, args: [...check.args, "--parallel"] }, show));
  }
  if (suites.includes("db")) {
    results.push(
      ...await Promise.all(databaseTests(run).map((check) => runCheck(check, show))),
    );
  }

  const files = new Map<string, string[]>();
  for (const suite of STACK_SUITES) {
    const found = suites.includes(suite) ? await findTests([`tests/${suite}`]) : [];
    if (found.length > 0) files.set(suite, found);
  }
  for (const functions of ["checkout", "uploaded"] as const) {
    const chosen = STACKS[functions].flatMap((suite) => {
      const paths = files.get(suite);
      return paths === undefined ? [] : [{ suite, paths }];
    });
    const checksTypes = isEverything && functions === "checkout";
    if (chosen.length === 0 && !checksTypes) continue;
    results.push(
      ...await onStack({ engine: "postgres", functions }, run, async (stack) => {
        const counts: Counts[] = [];
        if (checksTypes) counts.push(await runCheck(typesAreCurrent(stack), show));
        for (const { suite, paths } of chosen) {
          const check = denoTest(`${suite} tests`, paths, { ...run, stack });
          counts.push(await runCheck(check, show));
        }
        return counts;
      }),
    );
  }
  const smoke = (files.get("e2e") ?? []).filter((file) => /smoke[^/]*_test\.ts$/.test(file));
  if (smoke.length > 0) {
    results.push(
      ...await onStack({ engine: "pglite", functions: "checkout" }, run, async (stack) => [
        await runCheck(denoTest("smoke tests on PGlite", smoke, { ...run, stack }), show),
      ]),
    );
  }
  if (suites.includes("releases")) {
    // They start what they need: the release before, and then this one, on the same database.
    const check = denoTest("releases tests", await findTests(["tests/releases"]), run);
    results.push(await runCheck(check, show));
  }
  if (suites.includes("docs")) {
    // They start what the pages say.
    const check = denoTest("docs tests", await findTests(["tests/docs"]), run);
    results.push(await runCheck(check, show));
  }
  return results;
}

/** What a release asks for: that everything passed at a commit, with nothing in the tree beside it. */
async function keepPass(
  before: Awaited<ReturnType<typeof readTree>> | null,
  { passed, skipped }: Counts,
): Promise<void> {
  const after = await readTree(REPOSITORY).catch(() => null);
  if (before?.changes.length !== 0 || after?.changes.length !== 0) return;
  if (before.commit === after.commit) await recordPass(REPOSITORY, { ...after, passed, skipped });
}

if (import.meta.main) {
  const interruption = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(name, () => interruption.abort(new StackError("interrupted")));
  }
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: { filter: { type: "string" }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    printLine(HELP);
    Deno.exit(0);
  }
  const unknown = positionals.find((name) => !SUITES.some((suite) => suite === name));
  if (unknown !== undefined) {
    printError(`Cannot run suite "${unknown}": there are ${SUITES.join(", ")}`);
    Deno.exit(1);
  }
  const suites = positionals.length === 0
    ? SUITES
    : SUITES.filter((suite) => positionals.includes(suite));
  const isWhole = suites.length === SUITES.length && values.filter === undefined;
  const before = isWhole ? await readTree(REPOSITORY).catch(() => null) : null;
  const results = await runSuites(suites, {
    filter: values.filter,
    signal: interruption.signal,
  }).catch((error) => {
    printError(String((error as Error).stack ?? error));
    return [ONE_FAILURE];
  });
  if (interruption.signal.aborted) results.push(ONE_FAILURE);
  const counts = sumCounts(results);
  const { passed, failed } = counts;
  if (failed === 0 && passed > 0 && isWhole) await keepPass(before, counts);
  printLine(["", ...describeCounts(counts)].join("\n"));
  Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
}
