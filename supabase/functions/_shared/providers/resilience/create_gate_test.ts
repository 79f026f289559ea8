import assert from "node:assert/strict";
import { createGate } from "./create_gate.ts";

const never = new AbortController().signal;

Deno.test("at most so many run at once, the others in the order they came", async () => {
  const gate = createGate(2);
  const begun: number[] = [];
  const ends = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const works = ends.map(({ promise }, place) =>
    gate(async () => {
      begun.push(place);
      await promise;
      return place;
    }, never)
  );
  await Promise.resolve();
  assert.deepEqual(begun, [0, 1]);
  ends[1]!.resolve();
  assert.equal(await works[1], 1);
  await Promise.resolve();
  assert.deepEqual(begun, [0, 1, 2]);
  ends.forEach(({ resolve }) => resolve());
  assert.deepEqual(await Promise.all(works), [0, 1, 2, 3]);
  assert.equal(await gate(() => Promise.resolve("free again"), never), "free again");
});

Deno.test("who waits too long goes away, and its work is never begun", async () => {
  const gate = createGate(1);
  const first = Promise.withResolvers<void>();
  const running = gate(() => first.promise, never);
  const late = new AbortController();
  let begun = false;
  const waiting = gate(() => Promise.resolve(begun = true), late.signal);
  late.abort();
  assert.equal(await waiting, "too_late");
  first.resolve();
  await running;
  assert.equal(begun, false);
  assert.equal(await gate(() => Promise.resolve(1), late.signal), "too_late");
  assert.equal(await gate(() => Promise.resolve(2), never), 2);
});

Deno.test("a failure gives its place back", async () => {
  const gate = createGate(1);
  await assert.rejects(gate(() => Promise.reject(new Error("no")), never), /no/);
  assert.equal(await gate(() => Promise.resolve(1), never), 1);
});
