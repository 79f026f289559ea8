import type { CallChange, CallContent, CallOutcome } from "../../ports_calls.ts";
import { CALL_STATES, type CallState } from "./call_states.ts";

/** A call as its events have told it so far. Times are ISO in UTC, so that text compares as time. */
export type CallPicture = {
  state: CallState | null;
  entered: { [S in CallState]?: string };
  forwarded_to: string | null;
  hung_at: string | null;
  transfer_requested_at: string | null;
  ended_reason: string | null;
  ended_authority: number;
  outcome: CallOutcome | null;
  duration_seconds: number | null;
  content: Omit<CallContent, "authority">;
  content_authority: number;
};

export const UNHEARD_OF: CallPicture = {
  state: null,
  entered: {},
  forwarded_to: null,
  hung_at: null,
  transfer_requested_at: null,
  ended_reason: null,
  ended_authority: 0,
  outcome: null,
  duration_seconds: null,
  content: {},
  content_authority: 0,
};

/**
 * The rule by which a call moves, and the specification of `private.advance_call` and
 * `private.store_call_content`: a state only advances, a time keeps the earliest, the end is told
 * by the highest authority (between equals the smaller value, so that neither needs to be first).
 */
export function advanceCall(call: CallPicture, change: CallChange): CallPicture {
  const { state, at = null } = change;
  const next: CallPicture = {
    ...call,
    entered: { ...call.entered },
    state: rank(state ?? null) > rank(call.state) ? state ?? null : call.state,
    forwarded_to: call.forwarded_to ?? change.forwarded_to ?? null,
    hung_at: least(call.hung_at, change.hung_at),
    transfer_requested_at: least(call.transfer_requested_at, change.transfer_requested_at),
  };
  if (state !== undefined && state !== "ended" && at !== null) enter(next, state, at);
  if (change.answered_at) enter(next, "answered", change.answered_at);
  if (state !== "ended") return next;

  const authority = change.ended_authority ?? 0;
  const endedAt = change.ended_at ?? at;
  if (authority > call.ended_authority) {
    next.ended_authority = authority;
    if (endedAt !== null) next.entered.ended = endedAt;
    next.ended_reason = change.ended_reason ?? null;
    next.outcome = change.outcome ?? "unknown";
    next.duration_seconds = change.duration_seconds ?? null;
  } else if (authority === call.ended_authority) {
    if (endedAt !== null) enter(next, "ended", endedAt);
    next.ended_reason = least(call.ended_reason, change.ended_reason);
    next.outcome = least(call.outcome, change.outcome ?? "unknown");
    next.duration_seconds = least(call.duration_seconds, change.duration_seconds);
  }
  return next;
}

/** A higher authority's content replaces what it has, an equal or lower one's fills in. */
export function addContent(call: CallPicture, { authority, ...content }: CallContent): CallPicture {
  const wins = authority > call.content_authority;
  const known = Object.fromEntries(
    Object.entries(content).filter(([, value]) => value !== null && value !== undefined),
  );
  return {
    ...call,
    content: wins ? { ...call.content, ...known } : { ...known, ...call.content },
    content_authority: wins ? authority : call.content_authority,
  };
}

function rank(state: CallState | null): number {
  return state === null ? -1 : CALL_STATES.indexOf(state);
}

function enter(call: CallPicture, state: CallState, at: string): void {
  call.entered[state] = least(call.entered[state] ?? null, at) ?? at;
}

function least<T extends string | number>(one: T | null, other: T | null | undefined): T | null {
  if (one === null) return other ?? null;
  return other === null || other === undefined || one < other ? one : other;
}
