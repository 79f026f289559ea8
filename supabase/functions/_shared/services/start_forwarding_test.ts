import assert from "node:assert/strict";
import {
  createMemoryLogger,
  type LogLine,
} from "../../../../tests/in_memory/create_memory_logger.ts";
import { createForwardStarter } from "./start_forwarding.ts";

function setUp(run: (round: number) => Promise<void>) {
  const lines: LogLine[] = [];
  const background: Promise<unknown>[] = [];
  let rounds = 0;
  const start = createForwardStarter({
    run: () => run(rounds += 1),
    waitUntil: (work) => void background.push(work),
    logger: createMemoryLogger(lines),
  });
  return { start, lines, settled: () => Promise.all(background), countRounds: () => rounds };
}

Deno.test("what comes during a round is forwarded by one more", async () => {
  const first = Promise.withResolvers<void>();
  const { start, settled, countRounds } = setUp((round) =>
    round === 1 ? first.promise : Promise.resolve()
  );
  for (let time = 0; time < 5; time += 1) start();
  assert.equal(countRounds(), 1, "one at a time");
  first.resolve();
  await settled();
  assert.equal(countRounds(), 2);
  start();
  await settled();
  assert.equal(countRounds(), 3, "and it can begin again");
});

Deno.test("a round that fails is said, and the next one begins", async () => {
  const { start, settled, lines, countRounds } = setUp((round) =>
    round === 1 ? Promise.reject(new Error("away")) : Promise.resolve()
  );
  start();
  await settled();
  assert.deepEqual(lines.map(({ level }) => level.toLowerCase()), ["error"]);
  start();
  await settled();
  assert.equal(countRounds(), 2);
});
