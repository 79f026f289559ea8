import assert from "node:assert/strict";
import { createJournal } from "./journal.ts";
import { ReleaseError } from "./release_error.ts";
import { formatDuration, planSteps, runSteps, type Step, StepFailure } from "./run_steps.ts";

type World = { done: string[]; failing: string | null };

const journal = () =>
  createJournal({
    ref: "abcdefghijklmnopqrst",
    environment: "staging",
    commit: "c".repeat(40),
    version: "1.0.0",
    now: new Date("2026-11-21T10:00:00Z"),
  });

function step(name: string, holds?: boolean): Step<World> {
  return {
    name,
    plan: () => Promise.resolve(`would do ${name}`),
    run({ done, failing }) {
      if (failing === name) throw new ReleaseError("failed", `Cannot do "${name}": broken`);
      done.push(name);
      return Promise.resolve(`${name} done`);
    },
    ...(holds === undefined ? {} : { holds: () => Promise.resolve(holds) }),
  };
}

async function run(steps: Step<World>[], failing: string | null, of = journal()) {
  const world: World = { done: [], failing };
  const lines: string[] = [];
  const saved: string[] = [];
  let now = 0;
  const failure = await runSteps(steps, world, {
    print: (line) => void lines.push(line),
    clock: () => now += 500,
    save: () => Promise.resolve(void saved.push(JSON.stringify(of))),
    journal: of,
  }).then(() => null, (error) => error);
  return { ...world, lines, saved, failure, journal: of };
}

Deno.test("steps run in order, each with its line and time, and the journal knows", async () => {
  const { done, lines, failure, journal } = await run([step("one"), step("two")], null);
  assert.equal(failure, null);
  assert.deepEqual(done, ["one", "two"]);
  assert.match(lines[0] ?? "", /^\[1\/2\] one … one done \(\d\.\d s\)$/);
  assert.equal(journal.steps["two"]?.state, "done");
  assert.notEqual(journal.finishedAt, null);
});

Deno.test("what fails is named and written down before anybody is told, and ends the release", async () => {
  const { done, lines, failure, saved, journal } = await run(
    [step("one"), step("two"), step("three")],
    "two",
  );
  assert.deepEqual(done, ["one"]);
  assert.ok(failure instanceof StepFailure);
  assert.equal(failure.step, "two");
  assert.equal(failure.message, 'Cannot do "two": broken');
  assert.match(lines.at(-1) ?? "", /^\[2\/3\] two … FAILED/);
  assert.match(saved.at(-1) ?? "", /"failed"/);
  assert.equal(journal.finishedAt, null);
});

Deno.test("resumed, it leaves what is done and still so, and does the rest", async () => {
  const steps = [step("checks"), step("kept", true), step("lost", false), step("late", true)];
  const { journal } = await run(steps, "late");
  const { done, lines, failure } = await run(steps, null, journal);
  assert.equal(failure, null);
  // Without a way to confirm it, what was done is done again; so is what the project lost.
  assert.deepEqual(done, ["checks", "lost", "late"]);
  assert.equal(lines[1], "[2/4] kept … done before: kept done");
});

Deno.test("a defect of ours is told like any failure, with its trace", async () => {
  const broken: Step<World> = { ...step("one"), run: () => Promise.reject(new TypeError("oops")) };
  const { failure, journal } = await run([broken], null);
  assert.ok(failure instanceof StepFailure);
  assert.match(failure.message, /^TypeError: oops\n +at .*run_steps_test/);
  assert.equal(journal.steps["one"]?.state, "failed");
});

Deno.test("a journal that can't be written is told as the step's failure", async () => {
  const lines: string[] = [];
  const running = runSteps([step("one")], { done: [], failing: null }, {
    print: (line) => void lines.push(line),
    clock: () => 0,
    save: () => Promise.reject(new Deno.errors.PermissionDenied("no space")),
    journal: journal(),
  });
  await assert.rejects(running, { name: "StepFailure", message: /no space/ });
  assert.deepEqual(lines, ["[1/1] one … FAILED"]);
});

Deno.test("who interrupts is told where it stopped, and the steps after it aren't begun", async () => {
  const interrupt = new AbortController();
  const endless: Step<World> = {
    ...step("endless"),
    run: () => new Promise(() => queueMicrotask(() => interrupt.abort())),
  };
  const world: World = { done: [], failing: null };
  const now = journal();
  const running = runSteps([step("one"), endless, step("three")], world, {
    print: () => {},
    clock: () => 0,
    save: () => Promise.resolve(),
    journal: now,
    signal: interrupt.signal,
  });
  await assert.rejects(running, { name: "StepFailure", step: "endless", message: /Interrupted/ });
  assert.deepEqual(world.done, ["one"]);
  assert.equal(now.steps["endless"]?.state, "failed");
  assert.equal(now.finishedAt, null);
});

Deno.test("a plan runs nothing", async () => {
  const world: World = { done: [], failing: null };
  const lines: string[] = [];
  await planSteps([step("one"), step("two")], world, { print: (line) => void lines.push(line) });
  assert.deepEqual(lines, ["[1/2] one … would do one", "[2/2] two … would do two"]);
  assert.deepEqual(world.done, []);
});

Deno.test("durations read as a person says them", () => {
  const cases: [number, string][] = [[40, "0.0 s"], [4_120, "4.1 s"], [125_000, "2 min 5 s"]];
  for (const [milliseconds, words] of cases) assert.equal(formatDuration(milliseconds), words);
});
