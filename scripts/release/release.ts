import {
  describeFailure,
  listNewFunctions,
  type LiveState,
  recordRestored,
} from "./describe_failure.ts";
import { findPreviousCodes } from "./find_previous.ts";
import { journalPath } from "./journal.ts";
import { putCodeBack } from "./put_code_back.ts";
import type { ReleaseContext } from "./release_context.ts";
import { ReleaseError } from "./release_error.ts";
import { hideSecrets } from "./run_cli.ts";
import {
  describeError,
  planSteps,
  runSteps,
  type Step,
  StepFailure,
  untilAborted,
} from "./run_steps.ts";
import { backup } from "./steps/backup.ts";
import { flags } from "./steps/flags.ts";
import { functions } from "./steps/functions.ts";
import { migrations } from "./steps/migrations.ts";
import { preflight } from "./steps/preflight.ts";
import { proofs } from "./steps/proofs.ts";
import { secrets } from "./steps/secrets.ts";
import { watch } from "./steps/watch.ts";
import { type Runner, targetValues, withoutRunner, writeCommand } from "./write_command.ts";

const STEPS: Step<ReleaseContext>[] = [
  preflight,
  backup,
  migrations,
  secrets,
  functions,
  proofs,
  flags,
  watch,
];

type Values = Readonly<Record<string, string | boolean | undefined>>;
type Run = {
  print(line: string): void;
  values: Values;
  isDry: boolean;
  localFolder: string;
  /** GitHub's, where it runs there. */
  runner: Runner | null;
  /** Ctrl-C: what runs is left, and what is live is told. */
  signal?: AbortSignal | undefined;
};

/**
 * Runs the steps, or says what they would do. Resolves to whether all went well. The caller holds the
 * project, from before the journal was chosen.
 */
export async function release(context: ReleaseContext, run: Run): Promise<boolean> {
  const { checkout, target, journal, clock } = context;
  const { print, isDry, signal } = run;
  const title = `${checkout.version} (${checkout.commit.slice(0, 7)}) to ${target.environment} ` +
    target.ref;
  if (isDry) {
    print(`${title}: nothing is changed`);
    return await tellFailure(() => planSteps(STEPS, context, { print }), ({ message }) => {
      print(`\n${message}`);
      return Promise.resolve();
    });
  }
  print(Object.keys(journal.steps).length === 0 ? title : `${title}, going on`);
  const started = clock();
  const isDone = await tellFailure(
    () => runSteps(STEPS, context, { print, clock, save: context.save, journal, signal }),
    (failure) => explain(failure, context, run),
  );
  if (isDone) {
    print(`\nreleased ${checkout.version} in ${Math.round((clock() - started) / 1_000)} s`);
  }
  return isDone;
}

async function tellFailure(
  work: () => Promise<void>,
  tell: (failure: StepFailure) => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    await tell(error);
    return false;
  }
}

const LIVE_LIMIT_MILLISECONDS = 20_000;

async function explain(
  { step, cause }: StepFailure,
  context: ReleaseContext,
  { print, values: given, localFolder, runner, signal }: Run,
): Promise<void> {
  const { journal, checkout, target, options } = context;
  const live: LiveState = { functions: null, rollout: null, restored: null };
  // An expected error's text holds no secret; a trace may quote what couldn't be read.
  const tell = (error: unknown) =>
    error instanceof ReleaseError ? error.message : hideSecrets(describeError(error), target);
  let reason = tell(cause);
  // Who interrupted wants to look first: the way back is told.
  if (step === "proofs" && options.restore && !signal?.aborted) {
    const { restored, problem } = await putCodeBack(context);
    live.restored = restored;
    if (problem !== null) reason += `\n${tell(problem)}`;
  }
  // Who waits for this wants to act: what doesn't answer soon is unknown.
  const soon = AbortSignal.timeout(LIVE_LIMIT_MILLISECONDS);
  [live.functions, live.rollout] = await Promise.all([
    untilAborted(context.management.listFunctions(target.ref), soon).then(
      (list) => Object.fromEntries(list.map(({ slug, version }) => [slug, version])),
      () => null,
    ),
    context.ops === null ? null : untilAborted(context.ops.readRollout(), soon).catch(() => null),
  ]);
  if (live.restored !== null) {
    recordRestored(journal, live);
    // Where the disk is full the person is told all the same.
    await context.save().catch(() => {});
  }
  const fresh = listNewFunctions(journal, live);
  const codes = await findPreviousCodes({ localFolder, folder: checkout.folder, journal })
    .catch(() => []);
  // A runner's files are gone with it, and so is its journal from the checkout of who reads this.
  const values = runner === null ? given : withoutRunner(given);
  const about = targetValues(target, values as Record<string, string | undefined>);
  const again = (more: Values) => writeCommand("deploy", { ...values, env: about["env"], ...more });
  const lines = describeFailure({
    step,
    reason,
    journal,
    live,
    journalPath: journalPath(localFolder, journal) +
      (runner === null ? "" : ` (kept in the run's artifact release-${target.environment})`),
    commands: {
      resume: runner === null ? [again({ resume: true })] : [
        `re-run the failed job: ${runner.url}`,
        `or in a checkout of ${checkout.commit.slice(0, 12)}: ${again({})}`,
      ],
      code: codes.filter(({ slugs }) => slugs.some((slug) => fresh.includes(slug))).map((
        { commit, slugs, isSure },
      ) => ({
        command: writeCommand("rollback code", {
          to: commit.slice(0, 12),
          ...about,
          functions: codes.length === 1 ? values["functions"] : slugs.join(","),
        }),
        isSure,
      })),
      quick: writeCommand("rollback quick", { ...about, reason: `release ${checkout.version}` }),
    },
  });
  for (const line of lines) print(line);
}
