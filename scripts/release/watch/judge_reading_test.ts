import assert from "node:assert/strict";
import type { Baseline } from "../journal.ts";
import { describeReading } from "./describe_reading.ts";
import { judgeReading, type Reading } from "./judge_reading.ts";
import { byWindow } from "./read_baseline.ts";

function level(good: number, total: number, objective = 0.995, window = "5m") {
  const share = total === 0 ? null : good / total;
  const burnRate = share === null ? null : (1 - share) / (1 - objective);
  return {
    name: "messages",
    objective,
    thresholdMs: null,
    windows: { [window]: { good, total, share, burnRate } },
  };
}

const baseline = (levels: Reading["levels"] = [], openAlerts: string[] = []): Baseline => ({
  at: "2026-11-21T10:00:00Z",
  percent: 5,
  enabled: true,
  levels: byWindow(levels),
  openAlerts,
});

const reading = (fields: Partial<Reading>): Reading => ({
  levels: [],
  alerts: [],
  down: [],
  ...fields,
});

Deno.test("a breach is what burns the budget fast, often enough, and faster than before", async (test) => {
  const cases: [string, Reading["levels"], Baseline | null, number][] = [
    ["nothing happened", [level(0, 0)], null, 0],
    ["all is well", [level(100, 100)], null, 0],
    ["a tenth fails of 99.5 %", [level(90, 100)], null, 1],
    ["but of too few to say", [level(9, 10)], null, 0],
    ["a little fails", [level(97, 100)], null, 0],
    ["it was as bad before", [level(90, 100)], baseline([level(92, 100)]), 0],
    ["it was bad yesterday", [level(90, 100)], baseline([level(92, 100, 0.995, "24h")]), 0],
    ["it was well before", [level(90, 100)], baseline([level(100, 100)]), 1],
    ["a low objective is missed by half", [level(50, 100, 0.95)], baseline(), 1],
    ["a low objective is missed", [level(80, 100, 0.95)], baseline(), 0],
  ];
  for (const [name, levels, before, count] of cases) {
    await test.step(name, () => {
      assert.equal(judgeReading(reading({ levels }), before).length, count);
    });
  }
});

Deno.test("a function that isn't ready and a critical alert since the release are breaches", () => {
  const alert = (id: string, severity: string) => ({
    id,
    rule: `rule_${id}`,
    severity,
    raisedAt: "2026-11-21T10:00:00Z",
  });
  const alerts = [alert("old", "critical"), alert("new", "critical"), alert("mild", "warning")];
  assert.deepEqual(judgeReading(reading({ alerts, down: ["ops"] }), baseline([], ["old"])), [
    '"ops" is not ready',
    'alert "rule_new" is raised',
  ]);
  const lines = describeReading(reading({ alerts, levels: [level(98, 100)], down: ["ops"] }), {
    metrics: {
      "5m": { turn: { succeeded: 9, failed: 1, errorRate: 0.1, p95Ms: 800 } },
    },
    baseline: baseline([level(99, 100)], ["old"]),
  });
  assert.deepEqual(lines.map((line) => line.replace(/ {2,}/g, " ")), [
    "messages 98.00 % of 100 in 5m, before 99.00 %, promised 99.50 %",
    "turns 10 in 5m, 1 failed, p95 800 ms",
    "alerts 3 open, 2 since the release: rule_new, rule_mild",
    "not ready ops",
  ]);
});
