import * as z from "zod";
import type { SupervisionStore } from "../../ports_supervision.ts";
import type { Database } from "./create_database.ts";
import { forbidden, notFound } from "./hand_over_store.ts";

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
});
const item = z.object({
  kind: z.enum(["message_in", "message_out", "call", "application", "booking", "ticket"]),
  id: z.string(),
  at: z.string(),
  state: z.string(),
  summary: text,
  details: z.json(),
});

const switched = z.discriminatedUnion("code", [
  z.object({ code: z.literal("switched"), agent: z.string(), state: z.enum(["on", "off"]) }),
  forbidden,
]);
const listed = z.discriminatedUnion("code", [
  z.object({ code: z.literal("listed"), conversations: z.array(conversation) }),
  forbidden,
]);
const reviewed = z.discriminatedUnion("code", [
  z.object({ code: z.literal("reviewed") }),
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
    switchAgent: (input) => database.callFunction("switch_agent", input, switched, again),
    listFailedConversations: (input) =>
      database.callFunction("list_failed_conversations", input, listed, again),
    reviewConversation: (input) =>
      database.callFunction("review_conversation", input, reviewed, again),
    readContactTimeline: (input) =>
      database.callFunction("contact_timeline", input, timeline, again),
  };
}
