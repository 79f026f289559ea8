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

/**
 * What a failed release is told by: where it stopped and why. Of what isn't a ReleaseError or a
 * StackError, a defect of ours or of this machine, the trace is told as well.
 */
export class StepFailure extends Error {
  override readonly name = "StepFailure";
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(describeError(cause), { cause });
    this.step = step;
  }
}

/** What a person reads of it: an expected error's text, another one's trace. */
export function describeError(error: unknown): string {
  if (error instanceof ReleaseError || error instanceof StackError) return error.message;
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

type Run = {
  print(line: string): void;
  clock(): number;
  save(): Promise<void>;
  journal: Journal;
  signal?: AbortSignal | undefined;
};

/** Rejects when the signal is given; the other promise then goes on unheard. */
export async function untilAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return await work;
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () =>
    reject(new ReleaseError("failed", "Interrupted: it isn't known what came of it"));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

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
 * @param signal a person's wish to stop: the step that runs isn't waited for
 * @throws StepFailure for whatever fails: by then something may be live that a person has to know of
 */
export async function runSteps<Context>(
  steps: readonly Step<Context>[],
  context: Context,
  { print, clock, save, journal, signal }: Run,
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
      const holds = before?.state === "done" && step.holds !== undefined &&
        await untilAborted(step.holds(context), signal);
      if (holds) {
        print(`${title} done before: ${before.summary}`);
        continue;
      }
      await record("done", await untilAborted(step.run(context), signal));
    } catch (error) {
      const failure = new StepFailure(step.name, error);
      // Where the disk is full the person is told all the same.
      await record("failed", failure.message).catch(() => print(`${title} FAILED`));
      throw failure;
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
      print(`${title} FAILED`);
      throw new StepFailure(step.name, error);
    }
  }
}
