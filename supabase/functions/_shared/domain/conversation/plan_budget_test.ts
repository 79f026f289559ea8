import assert from "node:assert/strict";
import { planBudget } from "./plan_budget.ts";

const wish = { characters: 3_000, max_tokens: 500, budget_tokens: 8_000 };

Deno.test("a day's budget is asked of before it is spent", () => {
  const cases: [number | null, ReturnType<typeof planBudget>][] = [
    [null, { max_tokens: 500, budget_tokens: 8_000 }],
    [100_000, { max_tokens: 500, budget_tokens: 8_000 }],
    [2_000, { max_tokens: 500, budget_tokens: 2_000 }],
    [1_500, { max_tokens: 500, budget_tokens: 1_500 }],
    [1_499, null],
    [0, null],
    [-10, null],
  ];
  for (const [tokens_left, planned] of cases) {
    assert.deepEqual(planBudget({ tokens_left, ...wish }), planned, String(tokens_left));
  }
});
