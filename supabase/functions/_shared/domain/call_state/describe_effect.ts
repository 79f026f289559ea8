import type {
  CallChange,
  CallContent,
  CallDirection,
  CallEffect,
  CallMessage,
  CallReport,
  CallStatus,
  ReportAuthority,
} from "../../ports_calls.ts";
import type { CallState } from "./call_states.ts";
import { chooseOutcome, wasMissed } from "./choose_outcome.ts";

const STATE_OF = {
  scheduled: "scheduled",
  queued: "queued",
  ringing: "rung",
  "in-progress": "answered",
  forwarding: "forwarded",
  ended: "ended",
} as const satisfies Record<CallStatus, CallState>;

/**
 * What a message does to its call, and by which name it does it once: the call, the type and the
 * status, never the content, which differs from one delivery to the next. A message without a call
 * does nothing.
 */
export function describeEffect(message: CallMessage): CallEffect {
  const { call, type } = message;
  if (call === null) return { event_id: null, change: null, report: null };
  const at = message.occurred_at;
  const once = (change: CallChange, report: CallEffect["report"] = null): CallEffect => ({
    event_id: `vapi:${call.id}:${type}`,
    change,
    report,
  });

  switch (message.kind) {
    case "assistant-request":
      return once({ state: "rung", at });
    case "status-update": {
      const change = describeStatus(message.status, message);
      return { event_id: identifyStatus(message), change, report: null };
    }
    case "end-of-call-report": {
      const { report, authority } = message;
      const described = describeReport(report, {
        direction: call.direction,
        authority,
        occurredAt: at,
      });
      return once(described.change, { content: described.content, missed: described.missed });
    }
    case "hang":
      return once({ state: "answered", at, hung_at: at });
    case "transfer-update":
      return message.forwarded_to === null
        ? { event_id: null, change: null, report: null }
        : once({ state: "forwarded", at, forwarded_to: message.forwarded_to });
    // Each is asked anew and answered anew. What they tell is that somebody is talking.
    case "tool-calls":
    case "handoff-destination-request":
      return { event_id: null, change: { state: "answered", at }, report: null };
    case "transfer-destination-request":
      return {
        event_id: null,
        change: { state: "answered", at, transfer_requested_at: at },
        report: null,
      };
    case "knowledge-base-request":
    case "other":
      return { event_id: null, change: null, report: null };
  }
}

/** The name by which a message that fails is counted and kept, whether or not it has an effect. */
export function nameEvent(message: CallMessage): string {
  return describeEffect(message).event_id ?? `vapi:${message.call?.id ?? ""}:${message.type}`;
}

/** Today's and the older names of a moment are different events: both may come, in any order. */
function identifyStatus(message: CallMessage & { kind: "status-update" }): string {
  const name = message.type === "status-update" ? `status-update:${message.status}` : message.type;
  return `vapi:${message.call?.id}:${name}`;
}

function describeStatus(
  status: CallStatus,
  { occurred_at, ended_reason, call }: CallMessage & { kind: "status-update" },
): CallChange {
  const state = STATE_OF[status];
  if (state !== "ended") return { state, at: occurred_at };
  return {
    state,
    at: occurred_at,
    ended_at: occurred_at,
    ended_reason,
    ended_authority: 1,
    outcome: chooseOutcome({
      direction: call?.direction ?? null,
      ended_reason,
      duration_seconds: null,
    }),
    duration_seconds: null,
  };
}

/** What a report says of a call's end and content, also where it was fetched and not sent. */
export function describeReport(
  report: CallReport,
  { direction, authority, occurredAt }: {
    direction: CallDirection | null;
    authority: ReportAuthority;
    occurredAt: string | null;
  },
): { change: CallChange; content: CallContent; missed: boolean } {
  const { ended_reason, started_at, ended_at, duration_seconds, ...content } = report;
  const judged = { direction, ended_reason, duration_seconds };
  const missed = wasMissed(judged);
  return {
    change: {
      state: "ended",
      at: ended_at ?? occurredAt,
      // A missed call was never answered, whatever its start says.
      answered_at: missed ? null : started_at,
      ended_at: ended_at ?? occurredAt,
      ended_reason,
      ended_authority: authority,
      outcome: chooseOutcome(judged),
      duration_seconds,
    },
    content: { authority, ...content },
    missed,
  };
}
