import assert from "node:assert/strict";
import fc from "fast-check";
import { findQuantile } from "./find_quantile.ts";

const BOUNDS = [5, 10, 100, 1000, 60_000];
const bucketOf = (value: number) => {
  const place = BOUNDS.findIndex((bound) => value <= bound);
  return place === -1 ? BOUNDS.length : place;
};
const count = (values: readonly number[]) =>
  [...BOUNDS, Infinity].map((_, place) =>
    values.filter((value) => bucketOf(value) === place).length
  );

Deno.test("a quantile lies in the bucket of the exact one", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 300 }),
    fc.constantFrom(0.5, 0.95, 0.99),
    (values, quantile) => {
      const sorted = values.toSorted((one, other) => one - other);
      const exact = sorted[Math.ceil(quantile * sorted.length) - 1] ?? 0;
      const found = findQuantile(count(values), BOUNDS, quantile) ?? -1;
      assert.equal(bucketOf(found), bucketOf(exact));
    },
  ));
});

Deno.test("sums of histograms are the histogram of all", () => {
  const values = fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 100 });
  fc.assert(fc.property(values, values, (some, others) => {
    const summed = count(some).map((size, place) => size + (count(others)[place] ?? 0));
    assert.equal(
      findQuantile(summed, BOUNDS, 0.95),
      findQuantile(count([...some, ...others]), BOUNDS, 0.95),
    );
  }));
});

Deno.test("quantiles at the edges", () => {
  const cases: [number[], number, number | null][] = [
    [[], 0.95, null],
    [[0, 0, 0, 0, 0, 0], 0.5, null],
    [[0, 0, 0, 0, 0, 3], 0.5, 60_000],
    [[10, 0, 0, 0, 0, 0], 0.5, 2.5],
    [[0, 0, 4, 0, 0, 0], 0.5, 55],
    [[1, 0, 0, 0, 1, 0], 0.5, 5],
  ];
  for (const [counts, quantile, expected] of cases) {
    assert.equal(findQuantile(counts, BOUNDS, quantile), expected);
  }
});
