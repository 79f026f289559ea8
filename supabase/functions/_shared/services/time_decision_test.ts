import assert from "node:assert/strict";
import type { DecideTurn, TurnDecision, TurnInput } from "../domain/orchestrator/turn_input.ts";
import { timeDecision } from "./time_decision.ts";

const decision = (handedOffFrom: string | null): TurnDecision => ({
  outcome: "answered",
  error: null,
  session: null,
  outbound: [],
  effects: [],
  events: [{
    event_type: "turn",
    outcome: "succeeded",
    handed_off_from: handedOffFrom,
    details: { kept: true },
  }],
});

Deno.test("a handoff's own time leaves out what the decision waits for", () => {
  let now = 0;
  const decide = (handedOffFrom: string | null): DecideTurn =>
    function* () {
      now += 2;
      yield { kind: "reads", reads: [] };
      now += 3;
      return decision(handedOffFrom);
    };
  const run = (handedOffFrom: string | null) => {
    const deciding = timeDecision(decide(handedOffFrom), () => now)({} as TurnInput);
    assert.deepEqual(deciding.next().value, { kind: "reads", reads: [] });
    now += 1000;
    const { value, done } = deciding.next({ kind: "reads", results: [] });
    assert.equal(done, true);
    return (value as TurnDecision).events[0]?.details;
  };
  assert.deepEqual(run("jobs"), { kept: true, decision_ms: 5 });
  assert.deepEqual(run(null), { kept: true });
});
