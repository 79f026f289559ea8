import assert from "node:assert/strict";
import { countResults, describeCounts, sumCounts } from "./count_results.ts";

const CASES = [
  {
    name: "a green deno test",
    output: "ok | 12 passed (3 steps) | 0 failed (1s)\n",
    options: { success: true, summary: "deno" },
    expected: { passed: 12, failed: 0, skipped: [] },
  },
  {
    name: "coloured output",
    output: "\x1b[0m\x1b[31mFAILED\x1b[0m | 4 passed | 2 failed | 1 ignored (20ms)\n",
    options: { success: false, summary: "deno" },
    expected: { passed: 4, failed: 2, skipped: [] },
  },
  {
    name: "a test that prints a summary of its own: the runner's is the last",
    output: "ok | 99 passed | 0 failed (1s)\nok | 1 passed | 0 failed (2s)\n",
    options: { success: true, summary: "deno" },
    expected: { passed: 1, failed: 0, skipped: [] },
  },
  {
    name: "a runner that fails although every test passed",
    output: "ok | 4 passed | 0 failed (1s)\nerror: leak\n",
    options: { success: false, summary: "deno" },
    expected: { passed: 4, failed: 1, skipped: [] },
  },
  {
    name: "a runner that ends without a summary, even with success",
    output: "1..4\nok 1\n",
    options: { success: true, summary: "tap" },
    expected: { passed: 0, failed: 1, skipped: [] },
  },
  {
    name: "pgTAP",
    output: "ok 1 - a\n31 passed, 0 failed\n",
    options: { success: true, summary: "tap" },
    expected: { passed: 31, failed: 0, skipped: [] },
  },
  {
    name: "a check without tests",
    output: "",
    options: { success: false, summary: "none" },
    expected: { passed: 0, failed: 1, skipped: [] },
  },
  {
    name: "tests and steps that are left out, by their names",
    output: "fine ... ok (2ms)\n\x1b[0ma restore: no psql here ... \x1b[33mignored\x1b[0m (0ms)\n" +
      "all ...\n  one of them ... ignored (0ms)\n" +
      "./unit/group_1.ts => a backup: no pg_dump ... ignored (0ms)\n" +
      "ok | 2 passed | 0 failed | 1 ignored (1 step) (7ms)\n",
    options: { success: true, summary: "deno" },
    expected: {
      passed: 2,
      failed: 0,
      skipped: ["a restore: no psql here", "one of them", "a backup: no pg_dump"],
    },
  },
] as const;

for (const { name, output, options, expected } of CASES) {
  Deno.test(`counts ${name}`, () => assert.deepEqual(countResults(output, options), expected));
}

Deno.test("sums the counts of all runners", () => {
  const all = [{ passed: 3, failed: 0, skipped: ["a"] }, { passed: 2, failed: 1, skipped: ["b"] }];
  assert.deepEqual(sumCounts(all), { passed: 5, failed: 1, skipped: ["a", "b"] });
  assert.deepEqual(sumCounts([]), { passed: 0, failed: 0, skipped: [] });
});

Deno.test("a run's last line has its counts, and what was left out is named before it", () => {
  assert.deepEqual(describeCounts({ passed: 5, failed: 1, skipped: [] }), ["5 passed, 1 failed"]);
  assert.deepEqual(describeCounts({ passed: 5, failed: 0, skipped: ["a: no psql"] }), [
    "NOT TESTED a: no psql",
    "5 passed, 0 failed, 1 skipped",
  ]);
});
