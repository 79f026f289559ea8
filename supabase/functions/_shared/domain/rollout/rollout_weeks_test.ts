import assert from "node:assert/strict";
import {
  decideRolloutStep,
  type RolloutMeasures,
  type RolloutState,
  type TurnCounts,
} from "./decide_rollout_step.ts";
import type { RolloutPlan } from "./parse_plan.ts";

// Weeks of a rollout, minute by minute: what becomes of the turns is drawn by chance, the guard is
// asked every minute and obeyed.

const MINUTE = 60_000;
const limits = { maximumP95Milliseconds: 2_000, minimumPeople: 5 } as const;
const plan: RolloutPlan = {
  mode: "automatic",
  paused: false,
  stages: [
    {
      percent: 1,
      dwellHours: 24,
      maximumErrorRate: 0.01,
      minimumSample: 100,
      ...limits,
    },
    {
      percent: 10,
      dwellHours: 48,
      maximumErrorRate: 0.01,
      minimumSample: 500,
      ...limits,
    },
    {
      percent: 50,
      dwellHours: 48,
      maximumErrorRate: 0.005,
      minimumSample: 1_000,
      ...limits,
    },
    {
      percent: 100,
      dwellHours: 168,
      maximumErrorRate: 0.005,
      minimumSample: 1_000,
      ...limits,
    },
  ],
};

/** Chances of a minute. `turns`: how many there would be with everybody inside. */
type Weather = (
  minute: number,
  percent: number,
) => { turns: number; failing: number; slow: number };
type Step = { minute: number; from: number; to: number; because: string };

/** Mulberry32: the same draws for the same seed. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

function simulate(
  weather: Weather,
  { weeks, seed }: { weeks: number; seed: number },
) {
  const chance = createChance(seed);
  const steps: Step[] = [];
  const totals: TurnCounts[] = [{ turns: 0, failed: 0, slow: 0 }];
  const good = new Map<number, TurnCounts>();
  let state: RolloutState = {
    percent: 1,
    isEnabled: true,
    enteredAt: 0,
    lastGoodPercent: 0,
    baseline: null,
    isCompleted: false,
    countedUntil: 0,
  };
  let paused = false;
  let completedAt: number | null = null;
  const since = (from: number, to: number): TurnCounts => ({
    turns: totals[to]!.turns - totals[from]!.turns,
    failed: totals[to]!.failed - totals[from]!.failed,
    slow: totals[to]!.slow - totals[from]!.slow,
  });

  for (let minute = 1; minute <= weeks * 7 * 24 * 60; minute += 1) {
    const { turns: expected, failing, slow } = weather(minute, state.percent);
    const counted = { ...totals[minute - 1]! };
    for (let left = expected * state.percent / 100; left > 0; left -= 1) {
      if (left < 1 && chance() > left) break;
      counted.turns += 1;
      if (chance() < failing) counted.failed += 1;
      if (chance() < slow) counted.slow += 1;
    }
    totals.push(counted);
    const entered = state.enteredAt / MINUTE;
    const measures: RolloutMeasures = {
      sinceEntered: { ...since(entered, minute), people: 50 },
      recent: [15, 60, 360].map((minutes) => ({
        minutes,
        ...since(Math.max(entered, minute - minutes), minute),
      })),
    };
    const { verdict, isGood } = decideRolloutStep({
      plan: { ...plan, paused },
      state: { ...state, countedUntil: minute * MINUTE },
      measures,
      now: minute * MINUTE,
    });
    if (isGood) good.set(state.percent, measures.sinceEntered);
    if (verdict.kind === "complete") {
      completedAt = minute;
      break;
    }
    if (!("to" in verdict)) continue;
    steps.push({
      minute,
      from: state.percent,
      to: verdict.to,
      because: verdict.because,
    });
    // As after a rollback in life: until somebody acts.
    if (verdict.kind === "roll_back") paused = true;
    const below = [...good.keys()].filter((percent) => percent < verdict.to);
    const lastGoodPercent = Math.max(0, ...below);
    state = {
      ...state,
      percent: verdict.to,
      enteredAt: minute * MINUTE,
      lastGoodPercent,
      baseline: good.get(lastGoodPercent) ?? null,
    };
  }
  return { steps, completedAt, percent: state.percent };
}

const HOUR = 60;
const DAY = 24 * HOUR;
/** Busy days and quiet nights. */
const busy = (minute: number) => 40 + 35 * Math.sin(2 * Math.PI * minute / DAY);
const moves = (steps: Step[]) => steps.map(({ from, to }) => `${from}→${to}`);
const SEEDS = [1, 2, 3];

Deno.test("a good week's rollout arrives, each stage after its time and not before", () => {
  for (const seed of SEEDS) {
    const { steps, completedAt, percent } = simulate(
      (minute) => ({ turns: busy(minute), failing: 0.001, slow: 0.02 }),
      { weeks: 3, seed },
    );
    assert.deepEqual(moves(steps), ["1→10", "10→50", "50→100"]);
    assert.equal(percent, 100);
    const entered = [0, ...steps.map(({ minute }) => minute)];
    const stayed = entered.map((minute, at) => (entered[at + 1] ?? completedAt!) - minute);
    plan.stages.forEach(({ dwellHours }, at) => {
      assert.ok(
        stayed[at]! >= dwellHours * HOUR,
        `${stayed[at]} minutes of ${dwellHours} hours`,
      );
    });
    // Nothing but a limited wait for an hour without trouble.
    assert.ok(completedAt! < 290 * HOUR + 3 * DAY, String(completedAt));
  }
});

Deno.test("what gets slowly worse is taken back, step by step, and stays there", () => {
  for (const seed of SEEDS) {
    const { steps, percent } = simulate(
      (minute) => ({
        turns: busy(minute),
        failing: minute < 4 * DAY ? 0.001 : 0.001 + 0.02 * (minute - 4 * DAY) / DAY,
        slow: 0.02,
      }),
      { weeks: 3, seed },
    );
    const back = steps.find(({ from, to }) => to < from);
    assert.ok(back, "it was taken back");
    // At 50 %, where half a percent is the limit, which the weather passes after a fifth of a day.
    assert.equal(back.from, 50);
    assert.ok(
      back.minute > 4 * DAY && back.minute < 5.5 * DAY,
      String(back.minute),
    );
    assert.ok(percent < back.from);
    assert.ok(
      !steps.some(({ minute, from, to }) => minute > back.minute && to > from),
      "no flapping",
    );
  }
});

Deno.test("what breaks at once is taken back by the first evaluation that can know", () => {
  const broken = 3 * DAY + 7 * HOUR + 17;
  for (const seed of SEEDS) {
    const { steps } = simulate(
      (minute) => ({
        turns: 400,
        failing: minute < broken ? 0.001 : 0.6,
        slow: 0.02,
      }),
      { weeks: 1, seed },
    );
    const [back] = steps.filter(({ from, to }) => to < from);
    // Forty turns a minute are inside, of which more than twenty fail.
    assert.equal(back?.from, 50);
    assert.equal(back?.to, 10);
    assert.equal(back?.minute, broken);
  }
});

Deno.test("what becomes slow is taken back as well", () => {
  const { steps, percent } = simulate(
    (minute) => ({
      turns: 100,
      failing: 0.001,
      slow: minute < 2 * DAY ? 0.02 : 0.5,
    }),
    { weeks: 1, seed: 1 },
  );
  assert.deepEqual(moves(steps).slice(0, 2), ["1→10", "10→1"]);
  assert.match(steps[1]!.because, /took over 2000 ms/);
  assert.ok(
    steps[1]!.minute - 2 * DAY < 10,
    String(steps[1]!.minute - 2 * DAY),
  );
  assert.ok(percent <= 1);
});

Deno.test("where hardly anybody writes nothing happens, whatever becomes of it", () => {
  for (const failing of [0, 0.3]) {
    const { steps, percent } = simulate(
      // A turn in two days, at 1 %.
      () => ({ turns: 0.035, failing, slow: 0.1 }),
      { weeks: 4, seed: 2 },
    );
    assert.deepEqual(steps, []);
    assert.equal(percent, 1);
  }
});

Deno.test("noise within the limits takes nothing back", () => {
  for (const seed of [...SEEDS, 4, 5]) {
    const gusts = createChance(seed + 100);
    let gust = { failing: 0, slow: 0 };
    const { steps, percent } = simulate(
      (minute) => {
        // Each quarter of an hour another wind, on average half of what is allowed, at times over it.
        if (minute % 15 === 1) {
          gust = { failing: 0.005 * gusts(), slow: 0.06 * gusts() };
        }
        return { turns: busy(minute), ...gust };
      },
      { weeks: 3, seed },
    );
    assert.deepEqual(moves(steps), ["1→10", "10→50", "50→100"]);
    assert.equal(percent, 100);
  }
});

Deno.test("exactly at its limits a stage is neither advanced nor taken back by chance", () => {
  const results = SEEDS.map((seed) =>
    simulate(
      (_, percent) => ({
        turns: 50,
        failing: percent < 50 ? 0.01 : 0.005,
        slow: 0.05,
      }),
      { weeks: 2, seed },
    )
  );
  for (const { steps } of results) {
    assert.ok(
      !steps.some(({ from, to }) => to < from),
      "twenty thousand looks found no certainty",
    );
  }
});
