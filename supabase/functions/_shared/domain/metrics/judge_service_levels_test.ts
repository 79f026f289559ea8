import assert from "node:assert/strict";
import { judgeServiceLevels } from "./judge_service_levels.ts";

const level = (good: number, total: number) => ({
  name: "messages",
  description: "Turns that succeed",
  metric: "turn",
  label: null,
  objective: 0.99,
  threshold_ms: null,
  budget_days: 30,
  budget: { good, total },
  windows: [{ window: "7d", good, total }],
});
const judge = (good: number, total: number) => {
  const [judged] = judgeServiceLevels({
    generated_at: "2026-11-21T10:00:00Z",
    counted_until: "2026-11-21T10:00:00Z",
    levels: [level(good, total)],
    beside: [],
  }).levels;
  assert.ok(judged);
  return judged;
};

Deno.test("what is spent of the budget, how fast, and whether the objective holds", () => {
  const cases: [number, number, boolean | null, number | null, number][] = [
    [1000, 1000, true, 0, 1],
    [990, 1000, true, 1, 0],
    [995, 1000, true, 0.5, 0.5],
    [980, 1000, false, 2, -1],
    [0, 1000, false, 100, -99],
    [0, 0, null, null, 1],
  ];
  for (const [good, total, met, burnRate, remaining] of cases) {
    const { windows, budget, ...judged } = judge(good, total);
    assert.equal(judged.met, met);
    const burned = windows["7d"]?.burnRate ?? null;
    assert.equal(burned === null ? null : Math.round(burned * 1e9) / 1e9, burnRate);
    assert.equal(Math.round(budget.remaining * 1e9) / 1e9, remaining);
  }
});

Deno.test("complaints and satisfaction stand beside it", () => {
  const { complaints, satisfaction } = judgeServiceLevels({
    generated_at: "",
    counted_until: "",
    levels: [],
    beside: [
      { window: "1h", complaints: 2, satisfied: 3, dissatisfied: 1 },
      { window: "7d", complaints: 2, satisfied: 0, dissatisfied: 0 },
    ],
  });
  assert.deepEqual(complaints, { "1h": 2, "7d": 2 });
  assert.deepEqual(satisfaction["1h"], { satisfied: 3, dissatisfied: 1, share: 0.75 });
  assert.equal(satisfaction["7d"]?.share, null);
});
