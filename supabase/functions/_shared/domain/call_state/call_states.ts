/** The live states of a call, from first to last: a call only ever moves to the right. */
export const CALL_STATES = [
  "scheduled",
  "queued",
  "rung",
  "answered",
  "forwarded",
  "ended",
] as const;
export type CallState = typeof CALL_STATES[number];
