import assert from "node:assert/strict";
import type { JobRow, Logger } from "../../ports.ts";
import type { AlertEvaluation } from "../../ports_alerts.ts";
import { evaluateAlerts } from "./evaluate_alerts.ts";

type Judged = Awaited<ReturnType<AlertEvaluation["evaluateAlertRule"]>>;
const FINE: Judged = { code: "evaluated", raised: 1, resolved: 0, failed: false };
const FAILED: Judged = { code: "evaluated", raised: 0, resolved: 0, failed: true };

/** One run over these rules, each of which takes as long; answers what was asked and what was said. */
async function run(
  rules: Record<string, Judged | Error>,
  { milliseconds = 10 }: { milliseconds?: number } = {},
) {
  let now = 0;
  const asked: string[] = [];
  const said: unknown[] = [];
  const logger: Logger = {
    debug() {},
    info: (_, fields) => said.push(fields),
    warn() {},
    error: (_, fields) => said.push(fields),
    critical() {},
    with: () => logger,
  };
  const ended = await evaluateAlerts(
    {
      clock: () => now,
      logger,
      alerts: {
        beginAlertEvaluation: () => Promise.resolve({ rules: Object.keys(rules), resolved: 2 }),
        evaluateAlertRule({ rule }) {
          now += milliseconds;
          asked.push(rule);
          const judged = rules[rule]!;
          return judged instanceof Error ? Promise.reject(judged) : Promise.resolve(judged);
        },
      },
    },
    {} as JobRow,
    { requestId: "r", record: () => {} },
  ).then(() => "completed", (error: Error) => error.message);
  return { asked, said, ended };
}

Deno.test("every rule is looked at, and what came of it is counted", async () => {
  assert.deepEqual(await run({ one: FINE, gone: { code: "not_found" }, two: FINE }), {
    asked: ["one", "gone", "two"],
    said: [{ rules: 2, raised: 2, resolved: 2, of: 3 }],
    ended: "completed",
  });
});

Deno.test("a rule that can't be looked at is named, and keeps no other from being looked at", async () => {
  const { asked, said, ended } = await run({
    one: FAILED,
    two: new Error("no answer"),
    three: FINE,
  });
  assert.deepEqual(asked, ["one", "two", "three"]);
  assert.deepEqual(said[0], { rules: ["one", "two"] });
  // Again within the minute, what the third found would count twice.
  assert.equal(ended, "completed");
});

Deno.test("a run without a single answer is done again", async () => {
  const { asked, ended } = await run({ one: new Error("no answer"), two: new Error("nor this") });
  assert.deepEqual(asked, ["one", "two"]);
  assert.equal(ended, "nor this");
  assert.equal((await run({})).ended, "completed");
});

Deno.test("a run ends inside its lease, however slow the rules are", async () => {
  const rules = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`rule_${at}`, FAILED]));
  assert.equal((await run(rules, { milliseconds: 3_000 })).asked.length, 14);
});
