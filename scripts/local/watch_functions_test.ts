import assert from "node:assert/strict";
import { affectedFunctions } from "./watch_functions.ts";

const NAMES = ["ops", "worker"];
const CASES = [
  { path: "ops/app.ts", expected: ["ops"], why: "its own file" },
  { path: "_shared/http/cors.ts", expected: NAMES, why: "shared code is everybody's" },
  { path: "_shared/import_map.json", expected: NAMES, why: "so are the versions" },
  { path: "ops/app_test.ts", expected: [], why: "a test runs nowhere" },
  { path: "ops/.app.ts.swp", expected: [], why: "an editor's file" },
  { path: "ops/notes.md", expected: [], why: "not code" },
  { path: "unknown/index.ts", expected: [], why: "a function that isn't running" },
];

for (const { path, expected, why } of CASES) {
  Deno.test(`a change of ${path}: ${why}`, () => {
    assert.deepEqual(affectedFunctions(path, NAMES), expected);
  });
}
