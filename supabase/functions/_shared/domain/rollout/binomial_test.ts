import assert from "node:assert/strict";
import * as fc from "fast-check";
import { binomialTail, lowerBound, upperBound } from "./binomial.ts";

/** Term by term, as the definition says. */
function countOut(
  successes: number,
  trials: number,
  probability: number,
): number {
  let sum = 0;
  for (let count = successes; count <= trials; count += 1) {
    let term = 1;
    for (let factor = 1; factor <= count; factor += 1) {
      term *= (trials - count + factor) / factor * probability;
    }
    sum += term * (1 - probability) ** (trials - count);
  }
  return sum;
}

Deno.test("the tail is what the definition says", () => {
  const chances = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.nat(60),
      chances,
      (trials, k, chance) => {
        const successes = Math.min(k, trials);
        const expected = countOut(successes, trials, chance);
        assert.ok(
          Math.abs(binomialTail(successes, trials, chance) - expected) < 1e-9,
        );
      },
    ),
  );
});

Deno.test("the tail keeps its precision where it is small, and among many", async (test) => {
  const cases: [number, number, number, number][] = [
    [3, 3, 0.01, 1e-6],
    [20, 20, 0.01, 1e-40],
    [1, 1_000_000, 1e-6, 1 - Math.exp(-1)],
    [500_000, 1_000_000, 0.5, 0.5],
    [0, 10, 0.5, 1],
    [1, 10, 0, 0],
    [11, 10, 0.5, 0],
    [10, 10, 1, 1],
  ];
  for (const [successes, trials, chance, expected] of cases) {
    await test.step(`${successes} of ${trials} at ${chance}`, () => {
      const tail = binomialTail(successes, trials, chance);
      assert.ok(Math.abs(tail - expected) <= expected * 2e-3, String(tail));
    });
  }
});

Deno.test("exact bounds are those of the tables", async (test) => {
  // Clopper and Pearson at 2.5 % on each side, as published.
  const cases: [number, number, number, number][] = [
    [0, 10, 0, 0.3085],
    [1, 10, 0.0025, 0.445],
    [5, 10, 0.1871, 0.8129],
    [10, 10, 0.6915, 1],
    [10, 100, 0.049, 0.1762],
  ];
  for (const [successes, trials, low, high] of cases) {
    await test.step(`${successes} of ${trials}`, () => {
      assert.ok(Math.abs(lowerBound(successes, trials, 0.025) - low) < 1e-3);
      assert.ok(Math.abs(upperBound(successes, trials, 0.025) - high) < 1e-3);
    });
  }
});
