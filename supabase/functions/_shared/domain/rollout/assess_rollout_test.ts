import assert from "node:assert/strict";
import { createRolloutSnapshot } from "../../../../../tests/in_memory/create_rollout_snapshot.ts";
import { assessRollout, countTurns } from "./assess_rollout.ts";

const bounds = [500, 1_000, 2_000, 5_000];

Deno.test("slow is what took longer than the limit for certain", async (test) => {
  const cases: [number[], number, number][] = [
    [[], 2_000, 0],
    [[1, 2, 4, 8, 16], 2_000, 24],
    [[1, 2, 4, 8, 16], 500, 30],
    [[1, 2, 4, 8, 16], 5_000, 16],
  ];
  for (const [duration_counts, limit, slow] of cases) {
    await test.step(`${duration_counts} over ${limit}`, () => {
      assert.deepEqual(
        countTurns({ turns: 31, failed: 3, duration_counts }, bounds, limit),
        { turns: 31, failed: 3, slow },
      );
    });
  }
});

Deno.test("a stage is compared with what was measured at the last good one", () => {
  const snapshot = createRolloutSnapshot({
    percent: 10,
    turns: 50_000,
    failed: 400,
  });
  assert.equal(assessRollout(snapshot).decision?.verdict.kind, "advance");
  const [stage] = snapshot.stages;
  const measures = {
    sinceEntered: { turns: 20_000, failed: 20, slow: 0, people: 9 },
  };
  const before = { ...stage!, percent: 1, measures };
  const { decision, lastGoodPercent } = assessRollout({
    ...snapshot,
    last_good: before,
  });
  assert.deepEqual([decision?.verdict.kind, lastGoodPercent], ["hold", 1]);
});

Deno.test("a guard that is blind advances nothing", () => {
  const snapshot = createRolloutSnapshot({ percent: 10, turns: 1_000 });
  assert.equal(assessRollout(snapshot).decision?.verdict.kind, "advance");
  for (const counted_until of [null, "2026-11-20T09:56:00+00:00"]) {
    const { verdict } = assessRollout({ ...snapshot, counted_until }).decision!;
    assert.equal(verdict.kind === "hold" && verdict.reason, "not_counted");
  }
});

Deno.test("without a plan or flags that were ever good nothing is decided", () => {
  const snapshot = createRolloutSnapshot({ percent: 10 });
  for (
    const lacking of [{ ...snapshot, plans: ["x"] }, {
      ...snapshot,
      stage: null,
    }]
  ) {
    assert.equal(assessRollout(lacking).decision, null);
  }
});
