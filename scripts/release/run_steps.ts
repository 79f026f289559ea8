import { ReleaseError } from "./release_error.ts";
import { StackError } from "../local/stack_error.ts";
import type { Journal } from "./journal.ts";

/** One part of a release. */
export type Step<Context> = {
  name: string;
  /** What it would do; changes nothing. */
  plan(context: Context): Promise<string>;
  /** Does it, again without harm where it was done. Resolves to what the progress line ends with. */
  run(context: Context): Promise<string>;
  /** Whether what the journal says is done is so in the live project; without it, it is run again. */
  holds?(context: Context): Promise<boolean>;
};

/** What a failed release is told by: where it stopped and why. */
export class StepFailure extends Error {
  override readonly name = "StepFailure";
  readonly step: string;

  constructor(step: string, cause: Error) {
    super(cause.message, { cause });
    this.step = step;
  }
}

type Run = {
  print(line: string): void;
  clock(): number;
  save(): Promise<void>;
  journal: Journal;
};

/** `4.1 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Runs the steps in order, each with its line and its time, and keeps the journal. What an earlier run
 * finished and the live project confirms isn't done again.
 *
 * @throws StepFailure for what a person can act on, after the journal says so
 */
export async function runSteps<Context>(
  steps: readonly Step<Context>[],
  context: Context,
  { print, clock, save, journal }: Run,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    const title = `[${index + 1}/${steps.length}] ${step.name} …`;
    const started = clock();
    const record = async (state: "done" | "failed", summary: string) => {
      const milliseconds = clock() - started;
      const at = new Date(clock()).toISOString();
      journal.steps[step.name] = { state, at, milliseconds, summary };
      await save();
      const words = state === "done" ? summary : "FAILED";
      print(`${title} ${words} (${formatDuration(milliseconds)})`);
    };
    try {
      const before = journal.steps[step.name];
      if (before?.state === "done" && step.holds !== undefined && await step.holds(context)) {
        print(`${title} done before: ${before.summary}`);
        continue;
      }
      await record("done", await step.run(context));
    } catch (error) {
      if (!(error instanceof ReleaseError || error instanceof StackError)) throw error;
      await record("failed", error.message);
      throw new StepFailure(step.name, error);
    }
  }
  journal.finishedAt = new Date(clock()).toISOString();
  await save();
}

/** Says what each step would do. The first one, which only reads, is run: the others build on it. */
export async function planSteps<Context>(
  steps: readonly Step<Context>[],
  context: Context,
  { print }: { print(line: string): void },
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    const title = `[${index + 1}/${steps.length}] ${step.name} …`;
    try {
      print(`${title} ${await step.plan(context)}`);
    } catch (error) {
      if (!(error instanceof ReleaseError || error instanceof StackError)) throw error;
      print(`${title} FAILED`);
      throw new StepFailure(step.name, error);
    }
  }
}
