import assert from "node:assert/strict";
import * as fc from "fast-check";
import { createCoalescer } from "./coalesce.ts";

type Item = { id: number; bytes: number; updates: number };
const small = (id: number): Item => ({ id, bytes: 1, updates: 1 });
const measure = ({ bytes, updates }: Item) => ({ bytes, updates });

/** Batches that end when the test says so. */
function createHandler() {
  const open: { items: Item[]; end: (error?: Error) => void }[] = [];
  const seen: number[][] = [];
  return {
    open,
    seen,
    handle: (items: Item[]) => {
      seen.push(items.map(({ id }) => id));
      const { promise, resolve, reject } = Promise.withResolvers<number[]>();
      open.push({
        items,
        end: (error) => error ? reject(error) : resolve(items.map(({ id }) => id)),
      });
      return promise;
    },
  };
}

/** Lets everything happen that needs nothing from outside. */
async function settleMicrotasks() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

Deno.test("a lone item goes at once, as a batch of one", async () => {
  const handler = createHandler();
  const { submit } = createCoalescer({ ...handler, measure });
  const settled = submit(small(7));
  assert.deepEqual(handler.seen, [[7]]);
  handler.open[0]!.end();
  assert.deepEqual(await settled, { result: [7], place: 0 });
});

Deno.test("what arrives while two are in flight goes together, in order", async () => {
  const handler = createHandler();
  const { submit, pending } = createCoalescer({ ...handler, measure });
  const settled = Array.from({ length: 6 }, (_, id) => submit(small(id)));
  assert.deepEqual(handler.seen, [[0], [1]]);
  assert.equal(pending(), 6);
  handler.open[0]!.end();
  await settleMicrotasks();
  assert.deepEqual(handler.seen, [[0], [1], [2, 3, 4, 5]]);
  for (const batch of handler.open) batch.end();
  const answers = await Promise.all(settled);
  assert.deepEqual(answers.map(({ place }) => place), [0, 0, 0, 1, 2, 3]);
  await settleMicrotasks();
  assert.equal(pending(), 0);
});

Deno.test("batches close at their limits", async (test) => {
  const cases: [string, Partial<Item>[], number[][]][] = [
    ["items", Array.from({ length: 250 }, () => ({})), [
      Array.from({ length: 100 }, (_, index) => index + 2),
      Array.from({ length: 100 }, (_, index) => index + 102),
      Array.from({ length: 50 }, (_, index) => index + 202),
    ]],
    ["bytes", [{ bytes: 3_000_000 }, { bytes: 1_000_000 }, { bytes: 500_000 }], [[2, 3], [4]]],
    ["a large one behind small ones", [{}, { bytes: 5_000_000 }, {}], [[2], [3], [4]]],
    ["updates", [{}, { updates: 1000 }, {}, {}], [[2], [3], [4, 5]]],
  ];
  for (const [name, items, expected] of cases) {
    await test.step(name, async () => {
      const handler = createHandler();
      const { submit } = createCoalescer({ ...handler, measure });
      const all = [{}, {}, ...items].map((item, id) => submit({ ...small(id), ...item }));
      const ended = new Set<number>();
      while (ended.size < handler.open.length) {
        const next = handler.open.findIndex((_, index) => !ended.has(index));
        ended.add(next);
        handler.open[next]!.end();
        await settleMicrotasks();
      }
      await Promise.all(all);
      assert.deepEqual(handler.seen.slice(2), expected);
    });
  }
});

Deno.test("a failed batch is handled one by one, so that one bad item fails alone", async () => {
  const calls: number[][] = [];
  const { submit } = createCoalescer({
    measure,
    handle: async (items: Item[]) => {
      calls.push(items.map(({ id }) => id));
      await Promise.resolve();
      if (items.some(({ id }) => id === 3)) throw new Error("bad");
      return items.length;
    },
  });
  const settled = await Promise.allSettled([0, 1, 2, 3, 4].map((id) => submit(small(id))));
  assert.deepEqual(settled.map(({ status }) => status), [
    "fulfilled",
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  assert.deepEqual(calls, [[0], [1], [2, 3, 4], [2], [3], [4]]);
});

Deno.test("when nobody is there, nobody is asked again", async () => {
  let calls = 0;
  const { submit } = createCoalescer({
    measure,
    isWorthSplitting: () => false,
    handle: async (_: Item[]) => {
      calls += 1;
      await Promise.resolve();
      throw new Error("unreachable");
    },
  });
  const settled = await Promise.allSettled([0, 1, 2, 3, 4].map((id) => submit(small(id))));
  assert.ok(settled.every(({ status }) => status === "rejected"));
  assert.equal(calls, 3);
});

Deno.test("whatever comes and fails: each item is settled once, in order, within the limits", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(
        fc.record({
          bytes: fc.integer({ min: 0, max: 60 }),
          updates: fc.integer({ min: 0, max: 12 }),
          bad: fc.boolean(),
        }),
        { maxLength: 40 },
      ),
      fc.integer({ min: 1, max: 3 }),
      async (scheduler, shapes, maxInFlight) => {
        let inFlight = 0;
        const firstTries: number[] = [];
        const succeeded: number[] = [];
        const seen = new Set<number>();
        const { submit, pending } = createCoalescer({
          measure,
          maxInFlight,
          maxItems: 5,
          maxBytes: 100,
          maxUpdates: 20,
          handle: async (items: (Item & { bad: boolean })[]) => {
            inFlight += 1;
            assert.ok(inFlight <= maxInFlight);
            assert.ok(items.length >= 1 && items.length <= 5);
            const sum = (key: "bytes" | "updates") =>
              items.reduce((total, item) => total + item[key], 0);
            assert.ok(items.length === 1 || (sum("bytes") <= 100 && sum("updates") <= 20));
            for (const { id } of items) if (!seen.has(id)) firstTries.push(id), seen.add(id);
            await scheduler.schedule(Promise.resolve());
            inFlight -= 1;
            if (items.some(({ bad }) => bad)) throw new Error("bad");
            succeeded.push(...items.map(({ id }) => id));
            return items.map(({ id }) => id);
          },
        });
        const settled = Promise.allSettled(shapes.map((shape, id) => submit({ id, ...shape })));
        await scheduler.waitFor(settled);
        const answers = await settled;
        answers.forEach((answer, id) => {
          assert.equal(answer.status, shapes[id]!.bad ? "rejected" : "fulfilled");
          if (answer.status === "fulfilled") {
            assert.equal(answer.value.result[answer.value.place], id);
          }
        });
        assert.deepEqual(firstTries, shapes.map((_, id) => id));
        assert.equal(new Set(succeeded).size, succeeded.length, "nothing succeeded twice");
        await settleMicrotasks();
        assert.equal(pending(), 0);
      },
    ),
    { numRuns: 200 },
  );
});
