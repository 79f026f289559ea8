import assert from "node:assert/strict";
import * as fc from "fast-check";
import { fitLine, MAX_LINE_CHARACTERS } from "./fit_line.ts";

const core = {
  timestamp: "2026-11-20T10:00:00.000Z",
  level: "INFO",
  message: "Agent created",
  function: "workspace-save",
  request_id: "r-1",
  org_id: "o-1",
};

Deno.test("a short line is written as it is", () => {
  assert.deepEqual(JSON.parse(fitLine({ ...core, role: "inbound" })), { ...core, role: "inbound" });
});

Deno.test("long texts are shortened before anything is left out", () => {
  const line = fitLine({ ...core, detail: "x".repeat(20_000), role: "inbound" });
  const record = JSON.parse(line);
  assert.ok(line.length <= MAX_LINE_CHARACTERS);
  assert.equal(record.role, "inbound");
  assert.match(record.detail, /^x+…$/);
  assert.ok(record.truncated > 20_000);
});

Deno.test("what can't be shortened is left out and the line still says what and whose", () => {
  const many = Array.from({ length: 5_000 }, (_, index) => index);
  const line = fitLine({ ...core, many });
  assert.ok(line.length <= MAX_LINE_CHARACTERS);
  assert.deepEqual(JSON.parse(line), {
    ...core,
    truncated: JSON.stringify({ ...core, many }).length,
  });
});

Deno.test("a line is never longer than the limit and always JSON", () => {
  const text = fc.string({ unit: "binary", maxLength: 12_000 });
  fc.assert(
    fc.property(
      text,
      fc.dictionary(fc.string({ maxLength: 3_000 }), fc.jsonValue()),
      (message, fields) => {
        const line = fitLine({ ...fields, ...core, message });
        assert.ok(line.length <= MAX_LINE_CHARACTERS);
        assert.equal(JSON.parse(line).level, "INFO");
      },
    ),
    { numRuns: 50 },
  );
});
