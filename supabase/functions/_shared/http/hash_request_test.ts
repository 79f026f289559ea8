import assert from "node:assert/strict";
import { hashRequest } from "./hash_request.ts";

const base = {
  userId: "u-1",
  method: "POST",
  url: "https://x.test/workspace-save?dry_run=true",
  body: { a: 1, b: { c: [1, 2], d: null } } as unknown,
};

Deno.test("the same request has the same hash", async (test) => {
  const cases: [string, Partial<typeof base>][] = [
    ["itself", {}],
    ["its members in another order", { body: { b: { d: null, c: [1, 2] }, a: 1 } }],
    ["by another host", { url: "http://127.0.0.1:54321/workspace-save?dry_run=true" }],
  ];
  for (const [name, change] of cases) {
    await test.step(name, () => {
      assert.equal(hashRequest({ ...base, ...change }), hashRequest(base));
    });
  }
  assert.match(hashRequest(base), /^[0-9a-f]{64}$/);
});

Deno.test("another request has another hash", async (test) => {
  const cases: [string, Partial<typeof base>][] = [
    ["another user", { userId: "u-2" }],
    ["another method", { method: "PATCH" }],
    ["another path", { url: "https://x.test/agent-sync?dry_run=true" }],
    ["another query", { url: "https://x.test/workspace-save" }],
    ["another value", { body: { a: 2, b: { c: [1, 2], d: null } } }],
    ["another order of a list", { body: { a: 1, b: { c: [2, 1], d: null } } }],
    ["a list for an object", { body: [["a", 1], ["b", [["c", [1, 2]], ["d", null]]]] }],
    ["no body", { body: undefined }],
  ];
  for (const [name, change] of cases) {
    await test.step(name, () => {
      assert.notEqual(hashRequest({ ...base, ...change }), hashRequest(base));
    });
  }
});
