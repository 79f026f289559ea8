import assert from "node:assert/strict";
import { waitUntil } from "./wait_until.ts";

Deno.test("work goes to the platform where it has a place for it", async () => {
  const given: Promise<unknown>[] = [];
  Object.defineProperty(globalThis, "EdgeRuntime", {
    configurable: true,
    value: { waitUntil: (work: Promise<unknown>) => void given.push(work) },
  });
  try {
    waitUntil(Promise.reject(new Error("reported by the work itself")));
    assert.equal(given.length, 1);
    await given[0];
  } finally {
    Reflect.deleteProperty(globalThis, "EdgeRuntime");
  }
});

Deno.test("elsewhere the work runs on and its failure ends nothing", async () => {
  let done = false;
  const work = Promise.resolve().then(() => {
    done = true;
    throw new Error("late");
  });
  waitUntil(work);
  await work.catch(() => {});
  assert.ok(done);
});
