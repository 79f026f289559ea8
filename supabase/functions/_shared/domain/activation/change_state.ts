import type { AgentRow } from "../../ports.ts";

/** Whether an agent takes calls, and whose. */
export type Activation = Pick<AgentRow, "state" | "activation_mode">;

export type ActivationEvent =
  /** Without a mode the agent keeps its own. */
  | { event: "activate"; mode: AgentRow["activation_mode"] | null }
  | { event: "pause" }
  /** A sync or a call, the `failures`th in a row. */
  | { event: "failed"; failures: number }
  | { event: "succeeded" };

export type ActivationChange = Activation & {
  changed: boolean;
  /** The number has to be bound anew: to the assistant, or to our webhook. Of the inbound agent. */
  rebind: boolean;
};

/** Failed syncs, or calls, in a row that take an agent out of service. */
export const FAILURES_UNTIL_ERROR = 5;

/**
 * What becomes of an agent, as the database decides it too.
 * - A person activates and pauses; a draft that is paused stays a draft, which takes no calls.
 * - Failures take it out of service. One that is paused stays paused: a person decided that.
 * - A success brings nothing back; activating does.
 */
export function changeState(before: Activation, event: ActivationEvent): ActivationChange {
  const after = decide(before, event);
  return {
    ...after,
    changed: after.state !== before.state || after.activation_mode !== before.activation_mode,
    rebind: answersDirectly(after) !== answersDirectly(before),
  };
}

/**
 * Whether calls go straight to the assistant, so that they survive an outage of ours. Otherwise the
 * number comes to our webhook, which decides for each call.
 */
export function answersDirectly({ state, activation_mode }: Activation): boolean {
  return state === "active" && activation_mode === "full";
}

function decide({ state, activation_mode }: Activation, event: ActivationEvent): Activation {
  switch (event.event) {
    case "activate":
      return { state: "active", activation_mode: event.mode ?? activation_mode };
    case "pause":
      return { state: state === "draft" ? "draft" : "paused", activation_mode };
    case "failed": {
      const spent = event.failures >= FAILURES_UNTIL_ERROR;
      return { state: spent && state !== "paused" ? "error" : state, activation_mode };
    }
    case "succeeded":
      return { state, activation_mode };
  }
}
