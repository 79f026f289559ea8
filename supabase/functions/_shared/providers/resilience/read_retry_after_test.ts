import assert from "node:assert/strict";
import { readRetryAfter } from "./read_retry_after.ts";

const now = Date.parse("2026-11-20T10:00:00Z");
const CASES: [string | null, number | null][] = [
  [null, null],
  ["0", 0],
  [" 12 ", 12_000],
  ["0.5", 500],
  ["Fri, 20 Nov 2026 10:00:30 GMT", 30_000],
  ["Fri, 20 Nov 2026 09:59:00 GMT", 0],
  ["soon", null],
  ["-1", null],
  ["", null],
];
for (const [header, milliseconds] of CASES) {
  Deno.test(`Retry-After ${JSON.stringify(header)} is ${milliseconds} ms`, () => {
    assert.equal(readRetryAfter(header, now), milliseconds);
  });
}
