import assert from "node:assert/strict";
import type { TierSnapshot } from "../../ports_rollout.ts";
import { assessTier } from "./assess_tier.ts";

const PLAN = {
  stages: [
    { percent: 10, dwellHours: 24 },
    { percent: 50, dwellHours: 24 },
    { percent: 100, dwellHours: 168 },
  ],
};
const START = Date.parse("2026-11-01T00:00:00Z");
const at = (hours: number) => new Date(START + hours * 3_600_000).toISOString();

/** @param values by the hours after which they were stored, the oldest first */
function assess(
  values: [number, unknown][],
  { now, plan = PLAN, inForce = values.at(-1)?.[1] ?? null }: {
    now: number;
    plan?: unknown;
    inForce?: unknown;
  },
) {
  return assessTier({
    now: at(now),
    in_force: inForce,
    is_valid: true,
    revision: 1,
    plan,
    changes: values.toReversed().map(([hours, value]) => ({
      value,
      changed_at: at(hours),
      actor: `operator:${hours}`,
      reason: "x",
    })),
  } as TierSnapshot);
}

Deno.test("a stage is due when it has had its time, and not before", async (test) => {
  const ten = { rolloutPercent: 10 };
  const cases: [string, ReturnType<typeof assess>, Partial<ReturnType<typeof assess>>][] = [
    ["at once", assess([[0, ten]], { now: 1 }), { nextPercent: 50, dueAt: at(24), due: false }],
    ["after its time", assess([[0, ten]], { now: 24 }), { due: true, previousPercent: 0 }],
    [
      "lists change no stage",
      assess([[0, ten], [20, { ...ten, allow: [] }]], { now: 24 }),
      { due: true, entered: { at: at(0), by: "operator:0", reason: "x" } },
    ],
    [
      "nor does what is malformed",
      assess([[0, ten], [20, { rolloutPercent: "x" }]], { now: 24, inForce: ten }),
      { due: true, percent: 10 },
    ],
    [
      "who comes back begins again",
      assess([[0, ten], [10, { rolloutPercent: 50 }], [20, ten]], { now: 24 }),
      { due: false, dueAt: at(44) },
    ],
    ["switched off", assess([[0, { ...ten, enabled: false }]], { now: 99 }), {
      due: false,
      dueAt: null,
      enabled: false,
    }],
    ["no stage", assess([[0, { rolloutPercent: 30 }]], { now: 99 }), {
      due: false,
      nextPercent: 50,
      previousPercent: 10,
    }],
    ["the last one is watched", assess([[0, {}]], { now: 168 }), {
      percent: 100,
      nextPercent: null,
      previousPercent: 50,
      due: true,
    }],
    ["a malformed plan", assess([[0, ten]], { now: 99, plan: { stages: [] } }), {
      plan: null,
      due: false,
      nextPercent: null,
    }],
    ["nothing was ever good", assess([], { now: 1 }), { percent: 100, entered: null }],
  ];
  for (const [name, assessed, expected] of cases) {
    await test.step(name, () => {
      assert.deepEqual({ ...assessed, ...expected }, assessed);
    });
  }
});
