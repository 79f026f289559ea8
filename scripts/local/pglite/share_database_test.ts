import type { PGlite } from "@electric-sql/pglite";
import assert from "node:assert/strict";
import { leavesStatementOpen, shareDatabase } from "./share_database.ts";

const message = (type: string) => Uint8Array.of(type.charCodeAt(0), 0, 0, 0, 4);

const CASES = [
  { type: "P", name: "parse", open: true },
  { type: "B", name: "bind", open: true },
  { type: "E", name: "execute", open: true },
  { type: "S", name: "sync", open: false },
  { type: "Q", name: "a simple query", open: false },
  { type: "\0", name: "the start-up packet", open: false },
];

for (const { type, name, open } of CASES) {
  Deno.test(`${name} ${open ? "leaves a statement open" : "ends a statement"}`, () => {
    assert.equal(leavesStatementOpen(message(type)), open);
  });
}

/** The order in which things reach the one session. */
function trial() {
  const order: string[] = [];
  const session = { isInTransaction: false };
  const db = {
    waitReady: Promise.resolve(),
    isInTransaction: () => session.isInTransaction,
    exec: () => Promise.resolve([]),
    runExclusive: <Result>(work: () => Promise<Result>) => work(),
    execProtocolRawStream(bytes: Uint8Array) {
      order.push(`wire ${String.fromCharCode(bytes[0] ?? 0)}`);
      return Promise.resolve();
    },
  };
  const shared = shareDatabase(db as unknown as PGlite);
  const send = (type: string) =>
    shared.wire.execProtocolRawStream(message(type), { onRawData: () => {} });
  const ask = (name: string) => shared.exclusively(() => Promise.resolve(void order.push(name)));
  return { order, session, send, ask };
}

Deno.test("a query of ours waits for the wire client's statement to end", async () => {
  const { order, send, ask } = trial();
  await send("P");
  const asked = ask("ours");
  await send("B");
  await send("S");
  await asked;
  assert.deepEqual(order, ["wire P", "wire B", "wire S", "ours"]);
});

Deno.test("a query of ours waits for the wire client's transaction to end", async () => {
  const { order, session, send, ask } = trial();
  session.isInTransaction = true;
  await send("Q");
  const asked = ask("ours");
  session.isInTransaction = false;
  await send("Q");
  await asked;
  assert.deepEqual(order, ["wire Q", "wire Q", "ours"]);
});

Deno.test("without a wire client a query runs at once", async () => {
  const { order, ask } = trial();
  await ask("ours");
  assert.deepEqual(order, ["ours"]);
});
