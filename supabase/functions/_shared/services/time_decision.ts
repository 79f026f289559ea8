import type { DecideTurn, TurnDecision } from "../domain/orchestrator/turn_input.ts";
import type { Clock } from "../ports.ts";

/**
 * The same decision, with how long it took by itself, waiting for answers left out, in `details.decision_ms`
 * of its events with a handoff: metrics hold it against what is promised for one.
 */
export function timeDecision(decideTurn: DecideTurn, clock: Clock): DecideTurn {
  return function* (input) {
    let milliseconds = 0;
    const timed = <Value>(work: () => Value): Value => {
      const began = clock();
      const value = work();
      milliseconds += clock() - began;
      return value;
    };
    const deciding = decideTurn(input);
    let step = timed(() => deciding.next());
    while (!step.done) {
      const answer = yield step.value;
      step = timed(() => deciding.next(answer));
    }
    return note(step.value, milliseconds);
  };
}

function note(decision: TurnDecision, milliseconds: number): TurnDecision {
  return {
    ...decision,
    events: decision.events.map((event) =>
      (event.handed_off_from ?? null) === null
        ? event
        : { ...event, details: { ...event.details, decision_ms: milliseconds } }
    ),
  };
}
