import assert from "node:assert/strict";
import { readObjectName } from "./answer_storage.ts";

const CASES = [
  { path: "recordings/a/b.wav", expected: { bucket: "recordings", object: "recordings/a/b.wav" } },
  { path: "recordings/a%20b", expected: { bucket: "recordings", object: "recordings/a b" } },
  { path: "recordings", expected: undefined },
  { path: "recordings/../keys", expected: undefined },
  { path: "recordings/%2e%2e/keys", expected: undefined },
  { path: "recordings/%2e%2e%2fkeys", expected: undefined },
  { path: "recordings/a%00b", expected: undefined },
  { path: "recordings/%zz", expected: undefined },
];

for (const { path, expected } of CASES) {
  Deno.test(`${path} ${expected === undefined ? "is no object" : "is an object"}`, () => {
    assert.deepEqual(readObjectName(path), expected);
  });
}
