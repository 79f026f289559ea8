import { join } from "node:path";
import { parseArgs } from "node:util";
import { deploy } from "./deploy.ts";
import { createKeys } from "./local/create_keys.ts";
import { functionEnvironment, splitEnvironment } from "./local/function_environment.ts";
import { printError, printLine } from "./local/print_line.ts";
import { REPOSITORY } from "./local/repository.ts";
import { resetState } from "./local/reset_state.ts";
import type { StackFile } from "./local/stack_file.ts";
import { type Stack, startStack } from "./local/start_stack.ts";
import { StackError } from "./local/stack_error.ts";
import { ReleaseError } from "./release/release_error.ts";
import { splitPassword } from "./release/run_cli.ts";

const HELP =
  `Rehearses a release on this machine: a project on loopback, with a stand-in for Supabase's
Management API, gets this checkout by the real Supabase CLI, and then a release of it by deploy.

  deno task rehearse [--keep] [-- <options of deploy>]

  --keep   leave the project running, and write what reaches it to
           .local/rehearsal/environment.sh: every command about a project can be tried on it

Nothing outside this machine is asked or changed. Ctrl-C ends what it started.
`;

const FOLDER = join(REPOSITORY, ".local", "rehearsal");

/** Options of the commands about a project that lead to the stand-in's. */
export function describeTarget(file: StackFile, envFile: string): string[] {
  if (file.management === undefined) throw new StackError("Cannot rehearse: no stand-in runs");
  return [
    `--project-ref=${file.management.ref}`,
    "--env=staging",
    `--profile=${file.management.profile_path}`,
    `--project-url=${file.url}`,
    `--database-url=${databaseUrl(file)}`,
    `--env-file=${envFile}`,
  ];
}

/** As PostgreSQL's own tools take it: a database of this machine has no certificate. */
const databaseUrl = ({ database_url }: StackFile) => `${database_url}?sslmode=disable`;

/** As the runbook has an operator keep them apart. */
function splitDatabase(address: string): { DATABASE: string; PGPASSWORD: string } {
  const { url, password } = splitPassword(address);
  return { DATABASE: url, PGPASSWORD: password ?? "" };
}

/** What else reaches it: the variables that the commands read. */
export function describeVariables(file: StackFile): Record<string, string> {
  return {
    SUPABASE_URL: file.url,
    SUPABASE_SECRET_KEY: file.secret_key,
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: file.secret_key }),
    SUPABASE_ACCESS_TOKEN: file.management?.access_token ?? "",
    SUPABASE_DB_URL: databaseUrl(file),
    ...splitDatabase(databaseUrl(file)),
    SUPABASE_PROFILE: file.management?.profile_path ?? "",
  };
}

const quote = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;

/** The project's secrets as `.env.<name>` holds them, and the file of what reaches it. */
async function writeFiles(file: StackFile): Promise<{ envFile: string }> {
  const keys = await createKeys(file.state_folder);
  const env = functionEnvironment({
    url: file.url,
    keys,
    secretKey: file.secret_key,
    publishableKey: file.publishable_key,
    ownsSigningKey: true,
    simulators: file.simulators,
    overrides: {},
  });
  const { secrets } = splitEnvironment(env);
  const write = (name: string, lines: string[]) =>
    Deno.writeTextFile(join(FOLDER, name), lines.join("\n") + "\n", { mode: 0o600 });
  const envFile = join(FOLDER, "secrets.env");
  await write("secrets.env", Object.entries(secrets).map(([name, value]) => `${name}='${value}'`));
  const target = describeTarget(file, envFile).join(" ");
  await write("environment.sh", [
    ...Object.entries({
      ...describeVariables(file),
      CREDENTIAL_KEYS: secrets["CREDENTIAL_KEYS"] ?? "",
      TARGET: target,
    }).map(([name, value]) => `export ${name}=${quote(value)}`),
  ]);
  return { envFile };
}

async function rehearse(args: string[]): Promise<boolean> {
  const cut = args.indexOf("--");
  const own = cut === -1 ? args : args.slice(0, cut);
  const { values } = parseArgs({
    args: own,
    options: {
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    printLine(HELP.trimEnd());
    return true;
  }
  const interruption = new AbortController();
  const ended = new Promise<void>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      Deno.addSignalListener(name, () => {
        interruption.abort(new StackError("interrupted"));
        resolve();
      });
    }
  });
  await resetState(FOLDER);
  let stack: Stack | undefined;
  try {
    stack = await startStack({
      engine: "postgres",
      functions: "uploaded",
      stateFolder: FOLDER,
      port: 0,
      overrides: {},
      reset: false,
      cron: true,
      watch: false,
      echo: false,
      report: (line) => printLine(`  ${line}`),
      signal: interruption.signal,
    });
    const { envFile } = await writeFiles(stack.file);
    const variables = describeVariables(stack.file);
    const isDone = await deploy(
      [
        ...describeTarget(stack.file, envFile),
        "--skip-tests=a rehearsal",
        ...(cut === -1 ? [] : args.slice(cut + 1)),
      ],
      { print: printLine, read: (name) => variables[name] ?? Deno.env.get(name) },
    );
    if (values.keep) {
      printLine(`\nThe project answers at ${stack.file.url} until Ctrl-C. In another terminal:`);
      printLine("  source .local/rehearsal/environment.sh");
      printLine("  deno task deploy $TARGET --dry-run");
      await ended;
    }
    return isDone;
  } finally {
    await stack?.stop();
  }
}

if (import.meta.main) {
  try {
    Deno.exit(await rehearse(Deno.args) ? 0 : 1);
  } catch (error) {
    const isTold = error instanceof StackError || error instanceof ReleaseError;
    printError(isTold ? error.message : String((error as Error).stack ?? error));
    Deno.exit(1);
  }
}
