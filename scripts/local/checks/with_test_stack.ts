import { join } from "node:path";
import { printLine } from "../print_line.ts";
import { readProcessIdentity } from "../read_process_identity.ts";
import { REPOSITORY } from "../repository.ts";
import { resetState } from "../reset_state.ts";
import type { Engine } from "../stack_file.ts";
import { type Stack, startStack } from "../start_stack.ts";
import type { Counts } from "./count_results.ts";

const FOLDER = join(REPOSITORY, ".local");
const NAME = /^(?:test|database)-(\d+)/;

/** Folders of earlier runs are kept for their logs only until the next run. */
async function removeOldStates(): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true });
  for await (const { name } of Deno.readDir(FOLDER)) {
    const pid = Number(NAME.exec(name)?.[1]);
    if (Number.isNaN(pid) || await readProcessIdentity(pid) !== undefined) {
      continue;
    }
    await resetState(join(FOLDER, name));
  }
}

/**
 * A fresh stack on free ports, deaf to `.env`, for as long as `use` runs. When something fails its
 * logs stay until the next run.
 */
export async function withTestStack(
  { engine, functions = "checkout", signal }: {
    engine: Engine;
    functions?: "checkout" | "uploaded";
    signal: AbortSignal;
  },
  use: (stack: Stack) => Promise<Counts[]>,
): Promise<Counts[]> {
  await removeOldStates();
  const stateFolder = join(FOLDER, `test-${Deno.pid}-${engine}-${functions}`);
  printLine(
    `\nstarting a stack on ${engine}, with ${
      functions === "uploaded" ? "uploaded copies" : "the checkout's functions"
    }`,
  );
  const stack = await startStack({
    engine,
    functions,
    stateFolder,
    port: 0,
    // Retries of a failing provider shall not be what the tests wait for.
    overrides: { PROVIDER_RETRY_BASE_MILLISECONDS: "20" },
    reset: false,
    cron: false,
    watch: false,
    echo: false,
    report: (line) => printLine(`  ${line}`),
    signal,
  });
  let counts: Counts[] = [];
  try {
    counts = await use(stack);
  } finally {
    await stack.stop();
    const isGreen = counts.length > 0 &&
      counts.every(({ failed }) => failed === 0);
    if (isGreen) await resetState(stateFolder);
    else printLine(`logs of the stack: ${join(stateFolder, "logs")}`);
  }
  return counts;
}
