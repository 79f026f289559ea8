import assert from "node:assert/strict";
import type { JobRow, Logger } from "../../ports.ts";
import { aggregateMetrics } from "./aggregate_metrics.ts";

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  critical() {},
  with: () => silent,
};

/** Every step takes as long; answers how many were made. */
async function run({ steps, milliseconds }: { steps: number; milliseconds: number }) {
  let now = 0;
  let made = 0;
  await aggregateMetrics(
    {
      clock: () => now,
      logger: silent,
      metrics: {
        aggregateMetrics: () => {
          now += milliseconds;
          made += 1;
          return Promise.resolve({ counted_until: "2026-11-21T10:00:00Z", more: made < steps });
        },
      },
    },
    {} as JobRow,
    { requestId: "r", record: () => {} },
  );
  return made;
}

Deno.test("the count goes on until it is up to now, or until its time is over", async () => {
  assert.equal(await run({ steps: 1, milliseconds: 10 }), 1);
  assert.equal(await run({ steps: 30, milliseconds: 1_000 }), 30);
  assert.equal(await run({ steps: 1_000, milliseconds: 1_000 }), 40);
});
