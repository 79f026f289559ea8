import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  decideRolloutStep,
  type RolloutMeasures,
  type RolloutState,
  type TurnCounts,
} from "./decide_rollout_step.ts";
import type { RolloutPlan } from "./parse_plan.ts";

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;
const limits = {
  maximumP95Milliseconds: 2_000,
  minimumSample: 100,
  minimumPeople: 5,
} as const;
const plan: RolloutPlan = {
  mode: "automatic",
  paused: false,
  stages: [
    { percent: 1, dwellHours: 24, maximumErrorRate: 0.01, ...limits },
    { percent: 10, dwellHours: 48, maximumErrorRate: 0.01, ...limits },
    { percent: 50, dwellHours: 48, maximumErrorRate: 0.005, ...limits },
    { percent: 100, dwellHours: 168, maximumErrorRate: 0.005, ...limits },
  ],
};
const state: RolloutState = {
  percent: 10,
  isEnabled: true,
  enteredAt: NOW - 48 * HOUR,
  lastGoodPercent: 1,
  baseline: null,
  isCompleted: false,
  countedUntil: NOW - 60_000,
};
const counts = (turns: number, failed = 0, slow = 0): TurnCounts => ({
  turns,
  failed,
  slow,
});

function measure(
  all: TurnCounts,
  { people = 50, recent = [] as RolloutMeasures["recent"] } = {},
): RolloutMeasures {
  return { sinceEntered: { ...all, people }, recent };
}

function decide(
  measures: RolloutMeasures,
  given: Partial<RolloutState> = {},
  changed: Partial<RolloutPlan> = {},
) {
  return decideRolloutStep({
    plan: { ...plan, ...changed },
    state: { ...state, ...given },
    measures,
    now: NOW,
  });
}

Deno.test("each situation has its verdict", async (test) => {
  const last15 = (all: TurnCounts) => ({ recent: [{ minutes: 15, ...all }] });
  const cases: [string, ReturnType<typeof decide>, string, boolean][] = [
    ["held its time", decide(measure(counts(100, 1, 5))), "advance 50", true],
    [
      "a minute too early",
      decide(measure(counts(500)), { enteredAt: NOW - 48 * HOUR + 60_000 }),
      "hold dwelling",
      true,
    ],
    ["quiet", decide(measure(counts(99))), "hold too_few_turns", false],
    [
      "nobody at all",
      decide(measure(counts(0), { people: 0 })),
      "hold too_few_turns",
      false,
    ],
    [
      "counted three minutes ago",
      decide(measure(counts(100, 1, 5)), { countedUntil: NOW - 180_000 }),
      "advance 50",
      true,
    ],
    [
      "counting is behind",
      decide(measure(counts(100, 1, 5)), { countedUntil: NOW - 180_001 }),
      "hold not_counted",
      false,
    ],
    [
      "never counted",
      decide(measure(counts(100, 1, 5)), { countedUntil: null }),
      "hold not_counted",
      false,
    ],
    [
      "the last stage's time is over, counting is behind",
      decide(measure(counts(2_000)), {
        percent: 100,
        enteredAt: NOW - 200 * HOUR,
        countedUntil: NOW - 180_001,
      }),
      "hold not_counted",
      false,
    ],
    [
      "completed, and the plan extended since",
      decide(measure(counts(2_000)), { isCompleted: true }),
      "advance 50",
      true,
    ],
    [
      "completed, extended, and broken",
      decide(measure(counts(5_000, 120)), { isCompleted: true }),
      "roll_back 1",
      false,
    ],
    [
      "clearly broken as far as it is counted",
      decide(measure(counts(5_000, 120)), { countedUntil: NOW - HOUR }),
      "roll_back 1",
      false,
    ],
    [
      "one person only",
      decide(measure(counts(500), { people: 4 })),
      "hold too_few_people",
      true,
    ],
    [
      "just over the errors",
      decide(measure(counts(500, 6))),
      "hold over_limit",
      false,
    ],
    [
      "just over the time",
      decide(measure(counts(500, 0, 26))),
      "hold over_limit",
      false,
    ],
    [
      "three failures of three",
      decide(measure(counts(3, 3, 3))),
      "hold too_few_turns",
      false,
    ],
    [
      "nineteen of nineteen",
      decide(measure(counts(19, 19, 19), last15(counts(19, 19, 19)))),
      "hold too_few_turns",
      false,
    ],
    ["twenty of twenty", decide(measure(counts(20, 20))), "roll_back 1", false],
    [
      "twenty slow of twenty",
      decide(measure(counts(20, 0, 20))),
      "roll_back 1",
      false,
    ],
    [
      "clearly broken altogether",
      decide(measure(counts(5_000, 120))),
      "roll_back 1",
      false,
    ],
    [
      "clearly broken of late",
      decide(measure(counts(50_000, 60), last15(counts(100, 30)))),
      "roll_back 1",
      false,
    ],
    [
      "bad of late, not for certain",
      decide(measure(counts(50_000, 60), last15(counts(100, 3)))),
      "hold recent_failures",
      true,
    ],
    [
      "broken before any time passed",
      decide(measure(counts(40, 20)), { enteredAt: NOW - 60_000 }),
      "roll_back 1",
      false,
    ],
    [
      "broken at the first stage",
      decide(measure(counts(40, 20)), { percent: 1, lastGoodPercent: 0 }),
      "roll_back 0",
      false,
    ],
    [
      "broken while paused",
      decide(measure(counts(40, 20)), {}, { paused: true }),
      "roll_back 1",
      false,
    ],
    [
      "broken off the plan",
      decide(measure(counts(40, 20)), { percent: 25 }),
      "roll_back 1",
      false,
    ],
    [
      "fine off the plan",
      decide(measure(counts(1_000)), { percent: 25 }),
      "hold off_plan",
      true,
    ],
    [
      "paused",
      decide(measure(counts(1_000)), {}, { paused: true }),
      "hold paused",
      true,
    ],
    [
      "switched off",
      decide(measure(counts(1_000, 900)), { isEnabled: false }),
      "hold switched_off",
      false,
    ],
    [
      "not begun",
      decide(measure(counts(0)), { percent: 0 }),
      "hold not_started",
      false,
    ],
    [
      "the last stage",
      decide(measure(counts(1_000)), {
        percent: 100,
        enteredAt: NOW - 168 * HOUR,
      }),
      "complete ",
      true,
    ],
    [
      "the last stage, early",
      decide(measure(counts(1_000)), {
        percent: 100,
        enteredAt: NOW - 167 * HOUR,
      }),
      "hold dwelling",
      true,
    ],
    [
      "long complete",
      decide(measure(counts(1_000, 500)), { percent: 100, isCompleted: true }),
      "complete ",
      false,
    ],
    [
      "worse than before",
      decide(measure(counts(50_000, 400)), { baseline: counts(20_000, 20) }),
      "hold worse_than_before",
      true,
    ],
    [
      "slower than before",
      decide(measure(counts(50_000, 0, 2_000)), {
        baseline: counts(20_000, 0, 100),
      }),
      "hold worse_than_before",
      true,
    ],
    [
      "a little worse than before",
      decide(measure(counts(50_000, 60)), { baseline: counts(20_000, 20) }),
      "advance 50",
      true,
    ],
    [
      "perhaps worse than before",
      decide(measure(counts(500, 4)), { baseline: counts(500, 0) }),
      "advance 50",
      true,
    ],
  ];
  for (const [name, { verdict, isGood }, expected, good] of cases) {
    await test.step(name, () => {
      const detail = verdict.kind === "hold" ? verdict.reason : "to" in verdict ? verdict.to : "";
      assert.equal(`${verdict.kind} ${detail}`, expected, verdict.because);
      assert.equal(isGood, good);
      assert.notEqual(verdict.because, "");
    });
  }
});

Deno.test("a breach is explained with its bound", () => {
  assert.match(
    decide(measure(counts(200, 40))).verdict.because,
    /^40 of 200 turns failed since the stage was entered: at least 8\.89 %, where 1 % is the limit$/,
  );
});

const anyCounts = fc.nat(3_000).chain((turns) =>
  fc.record({
    turns: fc.constant(turns),
    failed: fc.nat(turns),
    slow: fc.nat(turns),
  })
);
/** As they come: mostly few failures. */
const fewFailures = fc.nat(20_000).chain((turns) =>
  fc.record({
    turns: fc.constant(turns),
    failed: fc.nat(Math.ceil(turns / 50)),
    slow: fc.nat(Math.ceil(turns / 12)),
  })
);
const someCounts = fc.oneof(anyCounts, fewFailures);
const situations = fc.record({
  all: someCounts,
  people: fc.nat(30),
  windows: fc.tuple(someCounts, someCounts, someCounts),
  percent: fc.constantFrom(0, 1, 5, 10, 50, 100),
  lastGoodPercent: fc.constantFrom(0, 1, 10, 50),
  hours: fc.double({ min: 0, max: 300, noNaN: true }),
  isEnabled: fc.boolean(),
  paused: fc.boolean(),
  baseline: fc.option(someCounts),
});
type Situation = typeof situations extends fc.Arbitrary<infer Value> ? Value
  : never;

function decideIn(
  { all, people, windows, hours, paused, ...given }: Situation,
) {
  const recent = [15, 60, 360].map((minutes, at) => ({
    minutes,
    ...windows[at]!,
  }));
  return decide(
    measure(all, { people, recent }),
    { ...given, enteredAt: NOW - hours * HOUR },
    { paused },
  ).verdict;
}

Deno.test("nothing is advanced early, on too little, over a limit or while paused", () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const verdict = decideIn(situation);
      if (verdict.kind !== "advance") return;
      const { all, people, percent, hours, paused, isEnabled } = situation;
      const stage = plan.stages.find((planned) => planned.percent === percent)!;
      assert.ok(isEnabled && !paused);
      assert.ok(hours >= stage.dwellHours);
      assert.ok(
        all.turns >= stage.minimumSample && people >= stage.minimumPeople,
      );
      assert.ok(all.failed <= all.turns * stage.maximumErrorRate);
      assert.ok(all.slow <= all.turns * 0.05);
      assert.equal(
        verdict.to,
        plan.stages[plan.stages.indexOf(stage) + 1]!.percent,
      );
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("a rollback is always down, from somewhere, and needs twenty turns", () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const verdict = decideIn(situation);
      if (verdict.kind !== "roll_back") return;
      assert.ok(
        situation.isEnabled && situation.percent > verdict.to &&
          verdict.to >= 0,
      );
      const most = Math.max(
        situation.all.turns,
        ...situation.windows.map(({ turns }) => turns),
      );
      assert.ok(most >= 20);
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("one more failure, or a slower turn, never saves a stage", () => {
  fc.assert(
    fc.property(
      situations,
      fc.constantFrom("failed", "slow"),
      (situation, kind) => {
        const { all } = situation;
        if (
          decideIn(situation).kind !== "roll_back" || all[kind] >= all.turns
        ) return;
        const worse = { ...situation, all: { ...all, [kind]: all[kind] + 1 } };
        assert.equal(decideIn(worse).kind, "roll_back");
      },
    ),
    { numRuns: 5_000 },
  );
});

Deno.test("whatever else is true, half of at least twenty turns failing rolls back at once", () => {
  fc.assert(
    fc.property(
      situations,
      fc.integer({ min: 20, max: 500 }),
      (situation, turns) => {
        if (!situation.isEnabled || situation.percent === 0) return;
        const broken = { turns, failed: Math.ceil(turns / 2), slow: 0 };
        const [, ...longer] = situation.windows;
        const verdict = decideIn({
          ...situation,
          windows: [broken, longer[0], longer[1]],
        });
        assert.equal(verdict.kind, "roll_back");
      },
    ),
    { numRuns: 2_000 },
  );
});
