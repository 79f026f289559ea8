import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { AgentRow } from "../../ports.ts";
import { chooseAssistant } from "../number_binding/plan_number_binding.ts";
import {
  type Activation,
  type ActivationEvent,
  answersDirectly,
  changeState,
} from "./change_state.ts";

const STATES = ["draft", "active", "paused", "error"] as const;
const MODES = ["limited", "full"] as const;
type State = typeof STATES[number];

Deno.test("each state and each event", async (test) => {
  const limited: ActivationEvent = { event: "activate", mode: "limited" };
  const full: ActivationEvent = { event: "activate", mode: "full" };
  const table: [string, ActivationEvent, Record<State, State>][] = [
    ["activate limited", limited, all("active")],
    ["activate full", full, all("active")],
    ["pause", { event: "pause" }, { ...all("paused"), draft: "draft" }],
    ["a fourth failure", { event: "failed", failures: 4 }, same()],
    ["a fifth failure", { event: "failed", failures: 5 }, { ...all("error"), paused: "paused" }],
    ["a ninth failure", { event: "failed", failures: 9 }, { ...all("error"), paused: "paused" }],
    ["a success", { event: "succeeded" }, same()],
  ];
  for (const [name, event, expected] of table) {
    for (const state of STATES) {
      for (const activation_mode of MODES) {
        await test.step(`${name}: ${state}, ${activation_mode}`, () => {
          const { changed, rebind: _, ...after } = changeState({ state, activation_mode }, event);
          const mode = event.event === "activate" ? event.mode ?? activation_mode : activation_mode;
          assert.deepEqual(after, { state: expected[state], activation_mode: mode });
          assert.equal(changed, expected[state] !== state || mode !== activation_mode);
        });
      }
    }
  }
});

Deno.test("without a mode an agent keeps its own", () => {
  for (const activation_mode of MODES) {
    const { activation_mode: after } = changeState(
      { state: "paused", activation_mode },
      { event: "activate", mode: null },
    );
    assert.equal(after, activation_mode);
  }
});

Deno.test("the number is bound anew exactly when calls begin or cease to go straight through", () => {
  const cases: [Activation, ActivationEvent, boolean][] = [
    [agent("draft", "limited"), { event: "activate", mode: "limited" }, false],
    [agent("draft", "limited"), { event: "activate", mode: "full" }, true],
    [agent("active", "full"), { event: "activate", mode: "full" }, false],
    [agent("active", "full"), { event: "activate", mode: "limited" }, true],
    [agent("active", "full"), { event: "pause" }, true],
    [agent("active", "limited"), { event: "pause" }, false],
    [agent("active", "full"), { event: "failed", failures: 5 }, true],
    [agent("active", "full"), { event: "failed", failures: 4 }, false],
    [agent("error", "full"), { event: "activate", mode: null }, true],
    [agent("error", "full"), { event: "pause" }, false],
    [agent("paused", "full"), { event: "failed", failures: 5 }, false],
  ];
  for (const [before, event, rebind] of cases) {
    assert.equal(changeState(before, event).rebind, rebind, JSON.stringify([before, event]));
  }
});

Deno.test("who is bound follows every change, whatever the way there", () => {
  const event: fc.Arbitrary<ActivationEvent> = fc.oneof(
    fc.record({
      event: fc.constant("activate" as const),
      mode: fc.option(fc.constantFrom(...MODES)),
    }),
    fc.record({ event: fc.constant("pause" as const) }),
    fc.record({ event: fc.constant("failed" as const), failures: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ event: fc.constant("succeeded" as const) }),
  );
  fc.assert(fc.property(fc.array(event), (events) => {
    let current: Activation = agent("draft", "limited");
    let bound = false;
    for (const event of events) {
      const { rebind, changed: _, ...after } = changeState(current, event);
      current = after;
      if (rebind) bound = answersDirectly(current);
      assert.equal(bound, answersDirectly(current));
    }
    const row = { ...current, vapi_assistant_id: "assistant" } as AgentRow;
    assert.equal(bound, chooseAssistant(row, { fullyRolledOut: true }) !== null);
  }));
});

function agent(state: State, activation_mode: typeof MODES[number]): Activation {
  return { state, activation_mode };
}

function all(state: State): Record<State, State> {
  return { draft: state, active: state, paused: state, error: state };
}

function same(): Record<State, State> {
  return { draft: "draft", active: "active", paused: "paused", error: "error" };
}
