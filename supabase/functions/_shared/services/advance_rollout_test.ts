import assert from "node:assert/strict";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import { createRolloutSnapshot } from "../../../../tests/in_memory/create_rollout_snapshot.ts";
import { createRolloutStore } from "../../../../tests/in_memory/create_rollout_store.ts";
import { parsePlan } from "../domain/rollout/parse_plan.ts";
import type { JsonObject } from "../ports.ts";
import { advanceRollout } from "./advance_rollout.ts";

const good = { percent: 10, turns: 1_000, failed: 0 };
const broken = { percent: 10, turns: 1_000, failed: 400 };

async function evaluate(
  given: { percent: number; turns: number; failed: number; plan?: JsonObject },
) {
  const store = createRolloutStore(createRolloutSnapshot(given));
  await advanceRollout({ rollout: store.rollout, logger: createMemoryLogger() });
  const [settled] = store.settled;
  assert.ok(settled, "it was written down");
  return { ...store, settled };
}

Deno.test("the mode says what becomes of a verdict", async (test) => {
  const advance = { to_percent: 50, outcome: "advanced", pause: false, plan: null };
  const rollBack = { to_percent: 0, outcome: "rolled_back", pause: true, plan: null };
  const cases: [string, typeof good, unknown, string[]][] = [
    ["automatic", good, advance, ["rollout_advanced"]],
    ["advise", good, null, ["rollout_can_advance"]],
    ["manual", good, null, []],
    ["automatic", broken, rollBack, ["rollout_breached"]],
    ["advise", broken, null, ["rollout_breached"]],
    ["manual", broken, null, []],
    ["automatic", { ...good, failed: 11 }, null, ["rollout_held_back"]],
    ["automatic", { ...good, turns: 90, failed: 1 }, null, []],
  ];
  for (const [mode, given, move, rules] of cases) {
    await test.step(`${mode}, ${given.failed} of ${given.turns} failed`, async () => {
      const { settled } = await evaluate({ ...given, plan: { mode } });
      assert.deepEqual(settled.move, move);
      assert.deepEqual(settled.raise.map(({ rule }) => rule), rules);
      assert.ok(rules.every((rule) => !settled.resolve.includes(rule)));
      assert.ok(settled.raise.every(({ severity }) => severity !== "info"), "each is told");
      assert.equal(
        settled.verdict["kind"],
        given === broken ? "roll_back" : given === good ? "advance" : "hold",
      );
      assert.equal((settled.measures["sinceEntered"] as JsonObject)["turns"], given.turns);
    });
  }
});

Deno.test("an alert of a rollback stays until the plan is resumed", async () => {
  const rolledBack = { percent: 1, turns: 0, failed: 0 };
  const waiting = await evaluate({ ...rolledBack, plan: { paused: true } });
  assert.equal(waiting.settled.resolve.includes("rollout_breached"), false);
  const resumed = await evaluate({ ...rolledBack, plan: { paused: false } });
  assert.equal(resumed.settled.resolve.includes("rollout_breached"), true);
});

Deno.test("a guard that sees nothing for long says so, until it sees again", async (test) => {
  const cases: [string | null, string, string[], entered?: string][] = [
    ["2026-11-21T10:00:00Z", "2026-11-21T10:03:00Z", ["rollout_advanced"]],
    ["2026-11-21T10:00:00Z", "2026-11-21T10:09:59Z", []],
    ["2026-11-21T10:00:00Z", "2026-11-21T10:10:00Z", ["rollout_not_counted"]],
    [null, "2026-11-21T10:10:00Z", ["rollout_not_counted"]],
    ["2026-11-21T10:00:00Z", "2026-11-21T10:40:00Z", [], "2026-11-21T10:39:00Z"],
    [
      "2026-11-21T10:00:00Z",
      "2026-11-21T10:49:00Z",
      ["rollout_not_counted"],
      "2026-11-21T10:39:00Z",
    ],
    [null, "2026-11-21T10:40:00Z", [], "2026-11-21T10:39:00Z"],
  ];
  for (const [counted_until, now, rules, entered_at = "2026-11-01T10:00:00Z"] of cases) {
    await test.step(`counted until ${counted_until}, at ${now}`, async () => {
      const snapshot = createRolloutSnapshot({ ...good, plan: { mode: "automatic" } });
      const store = createRolloutStore({
        ...snapshot,
        stage: { ...snapshot.stage!, entered_at },
        counted_until,
        now,
      });
      await advanceRollout({ rollout: store.rollout, logger: createMemoryLogger() });
      const [settled] = store.settled;
      assert.deepEqual(settled?.raise.map(({ rule }) => rule), rules);
      assert.equal(
        settled?.resolve.includes("rollout_not_counted"),
        !rules.includes("rollout_not_counted"),
      );
    });
  }
});

Deno.test("a malformed plan is said, and the last good one goes on guarding", async () => {
  const store = createRolloutStore(createRolloutSnapshot(broken));
  store.snapshot.plans.unshift({ mode: "automatisch" });
  await advanceRollout({ rollout: store.rollout, logger: createMemoryLogger() });
  const move = store.settled[0]?.move;
  assert.deepEqual([move?.to_percent, move?.pause, move?.plan?.revision], [0, true, 2]);
  assert.deepEqual(
    parsePlan(move?.plan?.value),
    parsePlan({ ...store.snapshot.plans[1] as JsonObject, paused: true }),
    "what is written pauses the plan that was gone by, which a word in the malformed one wouldn't",
  );
  assert.deepEqual(
    store.settled[0]?.raise.map(({ rule }) => rule),
    ["rollout_plan_malformed", "rollout_breached"],
  );
});

Deno.test("two that evaluate at once move once", async () => {
  const store = createRolloutStore(createRolloutSnapshot(good));
  const ports = { rollout: store.rollout, logger: createMemoryLogger() };
  await Promise.all([advanceRollout(ports), advanceRollout(ports)]);
  assert.equal(store.settled.length, 1);
  assert.equal(store.snapshot.stage?.percent, 50);
});
