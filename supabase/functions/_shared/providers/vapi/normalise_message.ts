import type { CallIdentity, CallMessage, CallStatus } from "../../ports_calls.ts";
import { readCallIdentity, readStatus } from "./read_call_identity.ts";
import { readList, readObject, readText, readTime } from "./read_fields.ts";
import { readReport } from "./read_report.ts";
import { readToolCalls } from "./read_tool_calls.ts";

/** What older integrations call the moments of a call; Vapi's own schema has none of these. */
const OLDER_STATUSES: { [type: string]: CallStatus } = {
  "call.scheduled": "scheduled",
  "call.queued": "queued",
  "call.created": "queued",
  "call.ringing": "ringing",
  "call.started": "in-progress",
  "call.answered": "in-progress",
  "call.in-progress": "in-progress",
  "call.forwarding": "forwarding",
};
const OLDER_ENDS = new Set(["call.ended", "call.completed", "call.failed"]);

/**
 * What a body from Vapi says, in our words: today's `{message: {type, …}}` and the older
 * `{type: "call.started", call}` alike. It takes any value and never throws; a type that isn't
 * known, or whose parts are missing, is `other`.
 */
export function normaliseMessage(body: unknown): CallMessage {
  const outer = readObject(body);
  const message = "message" in outer && typeof outer.message === "object"
    ? readObject(outer.message)
    : outer;
  const type = readText(message.type, 100) ?? "unknown";
  const common = {
    type,
    call: readCallIdentity(message),
    occurred_at: readTime(message.timestamp),
  };

  switch (type) {
    case "assistant-request":
    case "transfer-destination-request":
    case "handoff-destination-request":
    case "hang":
      return { ...common, kind: type };
    case "tool-calls":
      return { ...common, kind: type, tool_calls: readToolCalls(message) };
    case "knowledge-base-request":
      return { ...common, kind: type, question: readQuestion(message) };
    case "status-update":
      return readStatusUpdate(common, message);
    case "end-of-call-report":
      return { ...common, kind: type, report: readReport(message), authority: 2 };
    case "transfer-update":
      return { ...common, kind: type, forwarded_to: readForwardedTo(message) };
  }
  if (OLDER_ENDS.has(type)) {
    return { ...common, kind: "end-of-call-report", report: readReport(message), authority: 1 };
  }
  if (Object.hasOwn(OLDER_STATUSES, type)) {
    const status = OLDER_STATUSES[type]!;
    return { ...common, kind: "status-update", status, ended_reason: null };
  }
  return { ...common, kind: "other" };
}

function readStatusUpdate(
  common: { type: string; call: CallIdentity | null; occurred_at: string | null },
  message: { [key: string]: unknown },
): CallMessage {
  const status = readStatus(message.status);
  if (status === null) return { ...common, kind: "other" };
  const endedReason = readText(message.endedReason, 500) ??
    readText(readObject(message.call).endedReason, 500);
  return {
    ...common,
    kind: "status-update",
    status,
    ended_reason: status === "ended" ? endedReason : null,
  };
}

/** Handing over to another assistant is no transfer: the call stays with us. */
function readForwardedTo(message: { [key: string]: unknown }): string | null {
  const { type, number, sipUri } = readObject(message.destination);
  return type === "assistant" ? null : readText(number, 64) ?? readText(sipUri, 200);
}

/** What the caller said last. */
function readQuestion(message: { [key: string]: unknown }): string | null {
  const messages = [...readList(message.messagesOpenAIFormatted), ...readList(message.messages)];
  const said = messages.map(readObject).filter(({ role }) => role === "user");
  const last = said.at(-1);
  return last === undefined ? null : readText(last.content, 4_000) ?? readText(last.message, 4_000);
}
