import assert from "node:assert/strict";
import { type AttemptEnd, createPolicy } from "./create_policy.ts";

const well: AttemptEnd = { repeatable: false, retryAfterMilliseconds: null, down: false };
const down: AttemptEnd = { repeatable: false, retryAfterMilliseconds: null, down: true };
const busy: AttemptEnd = { repeatable: true, retryAfterMilliseconds: null, down: false };

function countAttempts(...ends: AttemptEnd[]) {
  const counted = { attempts: 0 };
  return Object.assign(counted, {
    run: () => Promise.resolve(ends[Math.min(counted.attempts++, ends.length - 1)] ?? well),
  });
}

/** Runs with a clock that is ahead, as cockatiel reads it from `Date.now`. */
async function later<T>(milliseconds: number, run: () => Promise<T>): Promise<T> {
  const now = Date.now;
  Date.now = () => now() + milliseconds;
  try {
    return await run();
  } finally {
    Date.now = now;
  }
}

Deno.test("repeats what can be repeated, and no more often than configured", async () => {
  const policy = createPolicy({ attempts: 3, retryBaseMilliseconds: 1 });
  const healed = countAttempts(busy, well);
  assert.equal(await policy.execute("a", healed.run), well);
  assert.equal(healed.attempts, 2);
  const broken = countAttempts(busy);
  assert.equal(await policy.execute("a", broken.run), busy);
  assert.equal(broken.attempts, 3);
  const refused = countAttempts(well);
  await policy.execute("a", refused.run);
  assert.equal(refused.attempts, 1);
});

Deno.test("waits as long as asked, but not longer than the cap", async () => {
  const policy = createPolicy({ retryAfterCapMilliseconds: 80, retryBaseMilliseconds: 1 });
  const began = performance.now();
  const short = countAttempts({ ...busy, retryAfterMilliseconds: 60 }, well);
  assert.equal(await policy.execute("a", short.run), well);
  assert.ok(performance.now() - began >= 59);
  const long = countAttempts({ ...busy, retryAfterMilliseconds: 81 });
  await policy.execute("a", long.run);
  assert.equal(long.attempts, 1);
});

Deno.test("waits twice as long each time, between half and all of it", async () => {
  for (const [random, least] of [[0, 10 + 20], [1, 20 + 40]] as const) {
    const policy = createPolicy({ attempts: 3, retryBaseMilliseconds: 20 }, () => random);
    const began = performance.now();
    await policy.execute("a", countAttempts(busy).run);
    assert.ok(performance.now() - began >= least - 1);
  }
});

Deno.test("a circuit opens after five failures in a row and tries again after thirty seconds", async () => {
  const policy = createPolicy({});
  for (let count = 0; count < 5; count++) {
    assert.equal(await policy.execute("a", countAttempts(down).run), down);
  }
  const untouched = countAttempts(well);
  assert.equal(await policy.execute("a", untouched.run), "rejected");
  assert.equal(untouched.attempts, 0);
  assert.equal(
    await policy.execute("b", countAttempts(well).run),
    well,
    "another tenant's is its own",
  );
  assert.equal(await later(29_000, () => policy.execute("a", countAttempts(well).run)), "rejected");
  assert.equal(await later(30_001, () => policy.execute("a", countAttempts(down).run)), down);
  assert.equal(await later(31_000, () => policy.execute("a", countAttempts(well).run)), "rejected");
  assert.equal(await later(60_002, () => policy.execute("a", countAttempts(well).run)), well);
  assert.equal(await policy.execute("a", countAttempts(well).run), well, "closed again");
});

Deno.test("a refusal in between shows that the provider is there", async () => {
  const policy = createPolicy({});
  for (const end of [down, down, down, down, well, down, down, down, down]) {
    assert.equal(await policy.execute("a", countAttempts(end).run), end);
  }
});

Deno.test("a circuit that opens while a request is repeated ends the repetition", async () => {
  const policy = createPolicy({ attempts: 10, retryBaseMilliseconds: 1 });
  const repeated = { ...down, repeatable: true };
  const attempts = countAttempts(repeated);
  assert.equal(await policy.execute("a", attempts.run), repeated);
  assert.equal(attempts.attempts, 5);
});

Deno.test("an attempt that takes too long is ended, whether or not it listens", async () => {
  const policy = createPolicy({ attempts: 1, attemptTimeoutMilliseconds: 20 });
  await policy.execute("a", async (limit) => {
    const deaf = limit(() => new Promise(() => {}));
    await assert.rejects(deaf, (error: DOMException) => error.name === "TimeoutError");
    const listening = limit((signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("ended"))))
    );
    await assert.rejects(listening);
    return well;
  });
});

Deno.test("a caller that gives up ends the attempt, and a wait between two", async () => {
  const policy = createPolicy({ attempts: 2, retryBaseMilliseconds: 60_000 });
  const during = new AbortController();
  const ended = policy.execute("a", async (limit) => {
    const work = limit(() => new Promise(() => {}));
    during.abort();
    await assert.rejects(work, (error: DOMException) => error.name === "AbortError");
    return down;
  }, { signal: during.signal });
  assert.equal(await ended, down);
});

Deno.test("whoever is asked before each attempt may end it, and the circuit knows nothing of that", async () => {
  const policy = createPolicy({ attempts: 3, retryBaseMilliseconds: 1, breakerFailures: 1 });
  const attempts = countAttempts(busy);
  let asked = 0;
  const beforeAttempt = () => {
    asked += 1;
    return asked === 2 ? Promise.reject(new Error("no more")) : Promise.resolve();
  };
  await assert.rejects(policy.execute("a", attempts.run, { beforeAttempt }), /no more/);
  assert.deepEqual([asked, attempts.attempts], [2, 1]);
  assert.equal(await policy.execute("a", countAttempts(well).run), well);
});
