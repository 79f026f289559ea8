import { join } from "node:path";
import { parseArgs } from "node:util";
import { printError, printLine } from "./local/print_line.ts";
import { REPOSITORY } from "./local/repository.ts";
import { StackError } from "./local/stack_error.ts";
import { checkMigrations } from "./release/check_migrations.ts";
import { holdProject } from "./release/hold_project.ts";
import { holdRelease } from "./release/hold_release.ts";
import { listenForInterrupt } from "./release/listen_for_interrupt.ts";
import { openRelease } from "./release/open_release.ts";
import { readDeployOptions } from "./release/read_deploy_options.ts";
import { readTarget, TARGET_HELP, TARGET_OPTIONS } from "./release/read_target.ts";
import { ReleaseError } from "./release/release_error.ts";
import type { ReleaseContext } from "./release/release_context.ts";
import { release } from "./release/release.ts";
import { readRunner } from "./release/write_command.ts";

const HELP = `Releases this checkout's commit to a Supabase project, step by step.

  deno task deploy --project-ref <ref> [options]

  1 preflight    clean tree, green tests, CLI, token, project, secrets, migrations, backup, baseline
  2 backup       with --backup, by pg_dump
  3 migrations   supabase db push, and what the advisors find afterwards and hadn't before
  4 secrets      what differs from the environment file
  5 functions    all of supabase/config.toml, or those named
  6 proofs       every function's health, Meta's handshake, the canary's message and its answer, and
                 that what isn't signed is refused; what fails puts the code before back
  7 flags        the rollout, left as it is or set
  8 watch        metrics and service levels beside those before the release

  --dry-run               says what would be done, and changes nothing
  --functions <a,b>       only these functions
  --rollout <percent>     so many percent of contacts inside, 0 to 100; without it they stay
                          as many as before: a first release leaves 0
  --reason <why>          of the rollout, for its history
  --actor <who>           who it is, for the same; your login name unless given
  --backup                takes a backup into .local/backups/ first (needs pg_dump and the database)
  --skip-tests <why>      releases a commit whose tests nobody saw green
  --accept <why>          applies migrations although they destroy or lock something
  --no-restore            leaves functions that don't prove themselves
  --watch <minutes>       how long to watch; one look unless given
  --resume                goes on with the release that stopped
  --help
${TARGET_HELP}

Production wants a backup of the last 26 hours; staging may do without.

A release that stopped, also by Ctrl-C, says what is live, and the command to go on and back. It is resumed by
--resume, or by the same command on the same commit: what is done and still so isn't done again. Where
something else deployed since, it begins anew.

  deno task deploy --project-ref abcdefghijklmnopqrst --dry-run
  deno task deploy --env staging --project-ref abcdefghijklmnopqrst --backup --rollout 100
  deno task deploy --project-ref abcdefghijklmnopqrst --rollout 1 --reason "first stage" --watch 60
  deno task deploy --project-ref abcdefghijklmnopqrst --functions ops,worker
`;

export type Surroundings = {
  print(line: string): void;
  read?: (name: string) => string | undefined;
  fetch?: typeof globalThis.fetch;
  /** The checkout that is released; this one unless given. */
  folder?: string;
  checkMigrations?: ReleaseContext["checkMigrations"];
  /** A person's wish to stop. */
  signal?: AbortSignal | undefined;
  clock?: () => number;
  pause?: (milliseconds: number) => Promise<void>;
};

/**
 * Does what the arguments say. Resolves to whether the release is finished; throws ReleaseError or
 * StackError for what stops it before its first step.
 */
export async function deploy(args: string[], surroundings: Surroundings): Promise<boolean> {
  const { print, folder = REPOSITORY, read = (name) => Deno.env.get(name) } = surroundings;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...TARGET_OPTIONS,
      "dry-run": { type: "boolean", default: false },
      functions: { type: "string" },
      rollout: { type: "string" },
      reason: { type: "string" },
      actor: { type: "string" },
      backup: { type: "boolean", default: false },
      "skip-tests": { type: "string" },
      accept: { type: "string" },
      "no-restore": { type: "boolean", default: false },
      watch: { type: "string" },
      resume: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(HELP.trimEnd());
    return true;
  }
  if (positionals.length > 0) {
    throw new ReleaseError("invalid", `Cannot understand "${positionals[0]}" (see --help)`);
  }
  const options = readDeployOptions(values, read);
  const target = await readTarget(values, { read });
  const isDry = values["dry-run"];
  const localFolder = join(folder, ".local");
  const run = async () => {
    const opened = await openRelease({ target, options, folder, resume: values.resume }, {
      print,
      fetch: surroundings.fetch ?? globalThis.fetch,
      checkMigrations: surroundings.checkMigrations ?? checkMigrations,
      signal: surroundings.signal,
      clock: surroundings.clock ?? Date.now,
      pause: surroundings.pause ??
        ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
      isDry,
    });
    const { signal } = surroundings;
    const runner = readRunner(read);
    return await release(opened, { print, values, isDry, localFolder, runner, signal });
  };
  if (isDry) return await run();
  // Before the journal is chosen: who waited would go on with one that another finished.
  return await holdRelease(
    { folder: localFolder, ref: target.ref },
    () => holdProject({ ...target, tell: (line) => print(`      ${line}`) }, run),
  );
}

if (import.meta.main) {
  try {
    const signal = listenForInterrupt("stopping; what is live is asked …");
    Deno.exit(await deploy(Deno.args, { print: printLine, signal }) ? 0 : 1);
  } catch (error) {
    const isTold = error instanceof ReleaseError || error instanceof StackError ||
      error instanceof TypeError;
    printError(isTold ? error.message : String((error as Error).stack ?? error));
    Deno.exit(1);
  }
}
