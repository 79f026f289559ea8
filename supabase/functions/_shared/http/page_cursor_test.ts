import assert from "node:assert/strict";
import { nextCursor, pageCursor, pageLimit, writePageCursor } from "./page_cursor.ts";

const ID = "11111111-1111-4111-8111-111111111111";

Deno.test("what a page gives is what the next one takes, to the microsecond", () => {
  for (const at of ["2026-11-21T10:00:00.123456+00:00", "2026-11-21T10:00:00+00:00"]) {
    const written = writePageCursor({ at, id: ID });
    assert.deepEqual(pageCursor.parse(written), { at, id: ID });
  }
  assert.equal(writePageCursor(null), null);
});

Deno.test("a cursor that no page gave is refused", async (test) => {
  const forged: [name: string, text: string][] = [
    ["nothing", ""],
    ["no base64", "…"],
    ["no JSON", btoa("x")],
    ["no pair", btoa(JSON.stringify(["2026-11-21T10:00:00Z"]))],
    ["no moment", btoa(JSON.stringify(["1111111111", ID]))],
    ["a day that isn't there", btoa(JSON.stringify(["2026-02-30T10:00:00Z", ID]))],
    ["a year that the database refuses", btoa(JSON.stringify(["0000-01-01T10:00:00Z", ID]))],
    ["no id", btoa(JSON.stringify(["2026-11-21T10:00:00Z", "1"]))],
    ["too long", "a".repeat(201)],
  ];
  for (const [name, text] of forged) {
    await test.step(name, () => assert.equal(pageCursor.safeParse(text).success, false));
  }
});

Deno.test("limits are 1 to 100", () => {
  for (const text of ["1", "50", "100"]) assert.equal(pageLimit.parse(text), Number(text));
  for (const text of ["0", "101", "-1", "1.5", "x", ""]) assert.throws(() => pageLimit.parse(text));
});

Deno.test("a full page has another behind it", () => {
  const rows = [{ at: "2026-11-21T10:00:00Z", id: ID }];
  const cursorOf = (row: { at: string; id: string }) => row;
  assert.equal(nextCursor(rows, { limit: 2, cursorOf }), null);
  assert.equal(nextCursor([], { limit: 1, cursorOf }), null);
  assert.deepEqual(pageCursor.parse(nextCursor(rows, { limit: 1, cursorOf })), rows[0]);
});
