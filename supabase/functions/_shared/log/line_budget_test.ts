import assert from "node:assert/strict";
import * as fc from "fast-check";
import { createLineBudget } from "./line_budget.ts";

Deno.test("a burst passes up to the limit, errors up to the reserve behind it", () => {
  let now = 0;
  const budget = createLineBudget({ clock: () => now, limit: 10, reserve: 3 });
  const take = (urgent: boolean, times: number) =>
    Array.from({ length: times }, () => budget.take({ urgent }).allowed).filter(Boolean).length;
  assert.equal(take(false, 20), 7, "ordinary lines stop before the reserve");
  assert.equal(take(true, 20), 3, "errors use the reserve");
  now = 10_000;
  assert.deepEqual(budget.take({ urgent: false }), { allowed: true, dropped: 30 });
  assert.deepEqual(budget.take({ urgent: false }), { allowed: true, dropped: 0 });
  assert.equal(take(false, 20), 4, "the notice of the dropped lines counted as one");
});

Deno.test("a clock that steps back gives no new lines", () => {
  let now = 1_000_000;
  const budget = createLineBudget({ clock: () => now, limit: 2, reserve: 0 });
  budget.take({ urgent: false });
  budget.take({ urgent: false });
  now = 0;
  assert.equal(budget.take({ urgent: false }).allowed, false);
});

Deno.test("no 10 seconds ever hold more than 100 lines, and every dropped line is reported once", () => {
  const steps = fc.array(
    fc.record({
      wait: fc.integer({ min: 0, max: 4_000 }),
      lines: fc.integer({ min: 1, max: 60 }),
      urgent: fc.boolean(),
    }),
    { maxLength: 60 },
  );
  fc.assert(fc.property(steps, (script) => {
    let now = 0;
    const budget = createLineBudget({ clock: () => now });
    const written: number[] = [];
    let refused = 0;
    let reported = 0;
    for (const { wait, lines, urgent } of script) {
      now += wait;
      for (let line = 0; line < lines; line += 1) {
        const { allowed, dropped } = budget.take({ urgent });
        if (!allowed) refused += 1;
        else written.push(...(dropped > 0 ? [now, now] : [now]));
        reported += dropped;
      }
    }
    now += 10_000;
    reported += budget.take({ urgent: false }).dropped;
    assert.equal(reported, refused);
    for (let index = 100; index < written.length; index += 1) {
      assert.ok(written[index]! - written[index - 100]! >= 10_000, "101 lines in 10 seconds");
    }
  }));
});
