import assert from "node:assert/strict";
import { choosePlan, governingStage, nextStage, parsePlan } from "./parse_plan.ts";

const stage = {
  percent: 1,
  dwellHours: 24,
  maximumErrorRate: 0.01,
  maximumP95Milliseconds: 2_000,
  minimumSample: 100,
};
const plan = {
  mode: "automatic",
  stages: [stage, { ...stage, percent: 10 }, { ...stage, percent: 50 }],
};

Deno.test("a plan is accepted, what is optional filled in", () => {
  const parsed = parsePlan(plan);
  assert.ok(parsed.ok);
  assert.deepEqual([parsed.plan.paused, parsed.plan.stages[0]!.minimumPeople], [
    false,
    1,
  ]);
});

Deno.test("a malformed plan names the field", async (test) => {
  const of = (change: Record<string, unknown>) => ({
    ...plan,
    stages: [{ ...stage, ...change }],
  });
  const cases: [string, unknown, string][] = [
    ["nothing", null, ""],
    ["an unknown mode", { ...plan, mode: "auto" }, "mode"],
    ["no stage", { ...plan, stages: [] }, "stages"],
    ["stages that don't rise", { ...plan, stages: [stage, stage] }, "stages"],
    ["nobody", of({ percent: 0 }), "stages.0.percent"],
    ["more than all", of({ percent: 101 }), "stages.0.percent"],
    ["no time", of({ dwellHours: 0 }), "stages.0.dwellHours"],
    [
      "percent for a share",
      of({ maximumErrorRate: 5 }),
      "stages.0.maximumErrorRate",
    ],
    [
      "a time nobody counts by",
      of({ maximumP95Milliseconds: 1_234 }),
      "stages.0.maximumP95Milliseconds",
    ],
    [
      "a sample that proves nothing",
      of({ minimumSample: 3 }),
      "stages.0.minimumSample",
    ],
    ["a misspelt member", of({ dwellhours: 24 }), "stages.0"],
  ];
  for (const [name, value, field] of cases) {
    await test.step(name, () => {
      const parsed = parsePlan(value);
      assert.ok(
        !parsed.ok && parsed.errors.some((error) => error.field === field),
        JSON.stringify(parsed),
      );
    });
  }
});

Deno.test("a malformed plan leaves the last good one", () => {
  assert.equal(choosePlan([plan]).plan?.mode, "automatic");
  const slip = choosePlan([{ ...plan, mode: "auto" }, "x", {
    ...plan,
    mode: "manual",
  }, plan]);
  assert.equal(slip.plan?.mode, "manual");
  assert.deepEqual(slip.errors.map(({ field }) => field), ["mode"]);
  assert.equal(choosePlan([null]).plan, null);
  assert.equal(choosePlan([]).errors.length, 1);
});

Deno.test("each percentage has the limits of its stage, or of the next above", () => {
  const parsed = parsePlan(plan);
  assert.ok(parsed.ok);
  const at = (percent: number) => [
    governingStage(parsed.plan, percent).percent,
    nextStage(parsed.plan, percent)?.percent ?? null,
  ];
  assert.deepEqual([0, 1, 5, 10, 50, 80].map(at), [
    [1, 1],
    [1, 10],
    [10, 10],
    [10, 50],
    [50, null],
    [50, null],
  ]);
});
