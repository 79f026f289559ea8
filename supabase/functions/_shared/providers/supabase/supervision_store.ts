import * as z from "zod";
import type { SupervisionStore } from "../../ports_supervision.ts";
import type { Database } from "./create_database.ts";
import { forbidden, message, notFound, outsideWindow } from "./hand_over_store.ts";

const text = z.string().nullable();
const conversation = z.object({
  id: z.string(),
  contact_id: z.string(),
  session_id: z.string(),
  agent: text,
  error: text,
  correlation_id: z.string(),
  failures: z.number(),
  state: z.enum(["failed", "reviewed"]),
  failed_at: z.string(),
  last_failed_at: z.string(),
  reviewed_at: text,
  reviewed_by: text,
  note: text,
  replayed_at: text,
  replayed_messages: z.number().nullable(),
});
const agentSwitch = z.object({
  agent: z.string(),
  state: z.enum(["on", "off"]),
  consecutive_failures: z.number(),
  last_error: text,
  last_failed_at: text,
  switched_off_at: text,
  switched_on_at: text,
  reason: text,
});
const item = z.object({
  kind: z.enum(["message_in", "message_out", "call", "application", "booking", "ticket"]),
  id: z.string(),
  at: z.string(),
  state: z.string(),
  summary: text,
  details: z.json(),
});

const switches = z.discriminatedUnion("code", [
  z.object({ code: z.literal("listed"), switches: z.array(agentSwitch) }),
  forbidden,
]);
const switched = z.discriminatedUnion("code", [
  z.object({ code: z.literal("switched"), agent: z.string(), state: z.enum(["on", "off"]) }),
  forbidden,
]);
const listed = z.discriminatedUnion("code", [
  z.object({ code: z.literal("listed"), conversations: z.array(conversation) }),
  forbidden,
]);
const read = z.discriminatedUnion("code", [
  z.object({ code: z.literal("read"), conversation, messages: z.array(message) }),
  notFound,
  forbidden,
]);
const reviewed = z.discriminatedUnion("code", [
  z.object({ code: z.literal("reviewed") }),
  notFound,
  forbidden,
]);
const replayed = z.discriminatedUnion("code", [
  z.object({ code: z.literal("replayed"), messages: z.number(), again: z.boolean() }),
  z.object({ code: z.enum(["nothing_to_replay", "handed_over"]) }),
  outsideWindow,
  notFound,
  forbidden,
]);
const timeline = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("read"),
    contact: z.object({ id: z.string(), name: text }),
    items: z.array(item),
  }),
  notFound,
  forbidden,
]);

/** Agents switched on and off, what failed, and one person's story. */
export function createSupervisionStore(database: Database): SupervisionStore {
  const again = { idempotent: true };
  return {
    listAgentSwitches: (input) =>
      database.callFunction("list_agent_switches", input, switches, again),
    switchAgent: (input) => database.callFunction("switch_agent", input, switched, again),
    listFailedConversations: (input) =>
      database.callFunction("list_failed_conversations", input, listed, again),
    readFailedConversation: (input) =>
      database.callFunction("read_failed_conversation", input, read, again),
    reviewConversation: (input) =>
      database.callFunction("review_conversation", input, reviewed, again),
    replayConversation: (input) =>
      database.callFunction("replay_conversation", input, replayed, again),
    readContactTimeline: (input) =>
      database.callFunction("contact_timeline", input, timeline, again),
  };
}
