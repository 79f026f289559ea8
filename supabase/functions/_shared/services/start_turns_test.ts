import assert from "node:assert/strict";
import type { Logger } from "../ports.ts";
import { createTurnStarter } from "./start_turns.ts";

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  critical() {},
  with: () => silent,
};
const key = (contact: number) => ({ org_id: "o", contact_id: String(contact) });

function setUp(options: { maxConcurrent: number; maxWaiting?: number }, fails = false) {
  const open: (() => void)[] = [];
  const ran: string[] = [];
  const work: Promise<unknown>[] = [];
  const start = createTurnStarter({
    ...options,
    logger: silent,
    waitUntil: (promise) => void work.push(promise),
    run: ({ contact_id }) => {
      ran.push(contact_id);
      return new Promise((resolve, reject) =>
        open.push(() => fails ? reject(new Error("no")) : resolve())
      );
    },
  });
  const finish = async () => {
    while (open.length > 0) {
      open.shift()!();
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
    await Promise.all(work);
  };
  return { start, ran, finish, open };
}

Deno.test("so many turns at a time, the rest in order", async () => {
  const { start, ran, finish } = setUp({ maxConcurrent: 2 });
  start([key(1), key(2), key(3), key(4)]);
  assert.deepEqual(ran, ["1", "2"]);
  await finish();
  assert.deepEqual(ran, ["1", "2", "3", "4"]);
});

Deno.test("a contact waits once, however often it is told", async () => {
  const { start, ran, finish } = setUp({ maxConcurrent: 1 });
  start([key(1), key(2)]);
  start([key(2), key(2)]);
  await finish();
  assert.deepEqual(ran, ["1", "2"]);
});

Deno.test("what is too much is left to the worker, and a turn that fails keeps nobody back", async () => {
  const { start, ran, finish } = setUp({ maxConcurrent: 1, maxWaiting: 2 }, true);
  start([key(1), key(2), key(3)]);
  await finish();
  assert.deepEqual(ran, ["1", "2"]);
  start([key(4)]);
  assert.deepEqual(ran, ["1", "2", "4"]);
  await finish();
});
