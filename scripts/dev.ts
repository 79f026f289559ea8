import { join } from "node:path";
import { parseArgs } from "node:util";
import { printError, printLine } from "./local/print_line.ts";
import { printWelcome } from "./local/print_welcome.ts";
import { readDotenv } from "./local/read_dotenv.ts";
import { REPOSITORY } from "./local/repository.ts";
import { resetState } from "./local/reset_state.ts";
import { StackError } from "./local/stack_error.ts";
import type { Engine } from "./local/stack_file.ts";
import { type Stack, type StackOptions, startStack } from "./local/start_stack.ts";

const HELP = `Start the whole local stack: database, data API, sign-in, storage, provider simulators
and every function, behind one address on 127.0.0.1.

  deno task dev [options]

  --engine <name>   postgres (default) or pglite (PostgreSQL in WebAssembly, with pgvector)
  --docker          use Supabase's own stack in Docker for database, data API and sign-in
  --reset           start over with an empty database
  --port <number>   default 54321 (54331 with --docker, where 54321 is Supabase's)
  --help

State is kept in .local/ and survives a restart. Variables in .env replace the stack's own:
VAPI_API_URL=https://api.vapi.ai, for example, replaces that simulator by the real provider.
`;

type DevOptions = { engine: Engine; reset: boolean; port: number };

/** Throws StackError for what can't be understood; "help" when that was asked for. */
export function readDevOptions(args: string[]): DevOptions | "help" {
  const options = {
    engine: { type: "string", default: "postgres" },
    docker: { type: "boolean", default: false },
    reset: { type: "boolean", default: false },
    port: { type: "string" },
    help: { type: "boolean", default: false },
  } as const;
  const parse = () => {
    try {
      return parseArgs({ args, options }).values;
    } catch (error) {
      throw new StackError(`Cannot start: ${(error as Error).message.split(". ")[0]}`);
    }
  };
  const values = parse();
  if (values.help) return "help";
  const engine = values.docker ? "docker" : values.engine;
  if (engine !== "postgres" && engine !== "pglite" && engine !== "docker") {
    throw new StackError(`Cannot use engine "${engine}": there are postgres and pglite`);
  }
  const port = Number(values.port ?? (engine === "docker" ? 54_331 : 54_321));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StackError(`Cannot use port "${values.port}": a port is a number from 1 to 65535`);
  }
  return { engine, reset: values.reset, port };
}

async function runDev({ engine, reset, port }: DevOptions): Promise<void> {
  const stateFolder = join(REPOSITORY, ".local", engine === "postgres" ? "dev" : `dev-${engine}`);
  const interruption = new AbortController();
  const ended = new Promise<void>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      Deno.addSignalListener(name, () => {
        interruption.abort();
        resolve();
      });
    }
  });
  const startedAt = performance.now();
  const report = (line: string) => printLine(`  ${line}`);
  if (reset) await resetState(stateFolder);
  const options: StackOptions = {
    engine,
    stateFolder,
    port,
    overrides: await readDotenv(),
    reset,
    cron: true,
    watch: true,
    echo: true,
    report,
    signal: interruption.signal,
  };
  let stack: Stack;
  try {
    stack = await startStack(options);
  } catch (error) {
    if (interruption.signal.aborted) return;
    throw error;
  }
  await printWelcome(stack.file, { seconds: (performance.now() - startedAt) / 1_000 });
  await ended;
  report("stopping");
  await stack.stop();
}

if (import.meta.main) {
  try {
    const options = readDevOptions(Deno.args);
    if (options === "help") printLine(HELP);
    else await runDev(options);
    Deno.exit(0);
  } catch (error) {
    printError(
      error instanceof StackError ? error.message : String((error as Error).stack ?? error),
    );
    Deno.exit(1);
  }
}
