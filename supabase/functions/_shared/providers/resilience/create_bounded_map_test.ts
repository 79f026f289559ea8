import assert from "node:assert/strict";
import { createBoundedMap } from "./create_bounded_map.ts";

Deno.test("the value that was asked for longest ago is forgotten first", () => {
  let made = 0;
  const map = createBoundedMap(2, () => ++made);
  assert.deepEqual([map.get("a"), map.get("b"), map.get("a"), map.get("c")], [1, 2, 1, 3]);
  assert.equal(map.size(), 2);
  assert.equal(map.get("a"), 1);
  assert.equal(map.get("b"), 4);
});
