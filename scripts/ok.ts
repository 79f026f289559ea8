import { describeCounts, sumCounts } from "./local/checks/count_results.ts";
import { listStaticChecks, listUnitTests } from "./local/checks/list_checks.ts";
import { type Check, runCheck } from "./local/checks/run_check.ts";
import { printError, printLine } from "./local/print_line.ts";
import { StackError } from "./local/stack_error.ts";

const HELP = `Format, lint, type check on both Denos, and the unit tests. No services, seconds.

  deno task ok
`;

/** One lane's checks, one after the other; lanes run side by side. */
export async function runLanes(lanes: Check[][]) {
  const counts = await Promise.all(lanes.map(async (lane) => {
    const results = [];
    for (const check of lane) results.push(await runCheck(check, { show: "failure" }));
    return sumCounts(results);
  }));
  return sumCounts(counts);
}

if (import.meta.main) {
  if (Deno.args.includes("--help")) {
    printLine(HELP);
    Deno.exit(0);
  }
  try {
    const lanes = await listStaticChecks();
    const unitTests = await listUnitTests();
    const counts = await runLanes([
      ...lanes,
      ...(unitTests === undefined ? [] : [[unitTests]]),
    ]);
    printLine(["", ...describeCounts(counts)].join("\n"));
    const { passed, failed } = counts;
    Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    printError(error.message);
    Deno.exit(1);
  }
}
