import assert from "node:assert/strict";
import * as fc from "fast-check";
import { measureRanking, type Ranked } from "./measure_ranking.ts";

const CASES: [what: string, results: Ranked[], recall: number, reciprocal: number][] = [
  ["nothing asked", [], 0, 0],
  ["found first", [{ wanted: "a", found: ["a", "b"] }], 1, 1],
  ["found fourth", [{ wanted: "a", found: ["b", "c", "d", "a"] }], 1, 0.25],
  ["found sixth", [{ wanted: "a", found: ["b", "c", "d", "e", "f", "a"] }], 0, 1 / 6],
  ["not found", [{ wanted: "a", found: ["b"] }], 0, 0],
  ["several parts of a document", [{ wanted: "a", found: ["b", "b", "b", "a", "a"] }], 1, 0.5],
  ["two of which one", [{ wanted: "a", found: ["a"] }, { wanted: "b", found: [] }], 0.5, 0.5],
];
for (const [what, results, recall, reciprocal] of CASES) {
  Deno.test(`${what}: recall ${recall}, reciprocal rank ${reciprocal}`, () => {
    assert.deepEqual(measureRanking(results), {
      queries: results.length,
      recall_at_5: recall,
      mean_reciprocal_rank: reciprocal,
    });
  });
}

Deno.test("a better place never measures worse", () => {
  const found = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), {
    minLength: 2,
  });
  fc.assert(fc.property(found, fc.nat(), (names, index) => {
    const at = 1 + index % (names.length - 1);
    const wanted = names[at]!;
    const better = [...names];
    [better[at - 1], better[at]] = [wanted, names[at - 1]!];
    const [before, after] = [names, better].map((found) => measureRanking([{ wanted, found }]));
    assert.ok(after!.recall_at_5 >= before!.recall_at_5);
    assert.ok(after!.mean_reciprocal_rank > before!.mean_reciprocal_rank);
  }));
});
