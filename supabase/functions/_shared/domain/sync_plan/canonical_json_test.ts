import fc from "fast-check";
import assert from "node:assert/strict";
import { canonicalJson } from "./canonical_json.ts";

Deno.test("the order of keys makes no difference, the order of lists does", () => {
  assert.equal(canonicalJson({ b: [{ d: 1, c: 2 }], a: null }), `{"a":null,"b":[{"c":2,"d":1}]}`);
  assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]));
  assert.equal(canonicalJson({ a: undefined, b: 1 }), `{"b":1}`);
});

Deno.test("any data is the same text however its members are ordered", () => {
  const reverse = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reverse);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).reverse().map(([key, member]) => [key, reverse(member)]),
    );
  };
  // JSON.parse is what a body goes through on its way; keys of objects are then ordinary ones.
  fc.assert(fc.property(fc.json().map((text) => JSON.parse(text)), (value) => {
    const text = canonicalJson(value);
    assert.equal(text, canonicalJson(reverse(value)));
    assert.deepEqual(JSON.parse(text), value);
  }));
});
