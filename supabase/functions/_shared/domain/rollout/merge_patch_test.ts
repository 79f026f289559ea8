import assert from "node:assert/strict";
import { mergePatch } from "./merge_patch.ts";

Deno.test("a patch merges as RFC 7396 says", async (test) => {
  // Its appendix A.
  const cases: [unknown, unknown, unknown][] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [["a", "b"], ["c", "d"], ["c", "d"]],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [value, patch, merged] of cases) {
    await test.step(`${JSON.stringify(value)} + ${JSON.stringify(patch)}`, () => {
      const before = JSON.stringify(value);
      assert.deepEqual(mergePatch(value, patch), merged);
      assert.equal(
        JSON.stringify(value),
        before,
        "nothing is changed in place",
      );
    });
  }
});

Deno.test("no name of a member reaches a prototype", () => {
  const merged = mergePatch(
    {},
    JSON.parse('{"__proto__": {"unifiedServiceEnabled": true}}'),
  );
  assert.equal(
    (merged as Record<string, unknown>)["unifiedServiceEnabled"],
    undefined,
  );
  assert.deepEqual(Object.keys(merged as object), ["__proto__"]);
});
