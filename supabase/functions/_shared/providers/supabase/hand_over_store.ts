import * as z from "zod";
import type { HandOver, HandOverStore } from "../../ports_supervision.ts";
import type { Database } from "./create_database.ts";
import { jsonObject } from "./rows.ts";

const text = z.string().nullable();
const handOver: z.ZodType<HandOver> = z.object({
  id: z.string(),
  contact_id: z.string(),
  session_id: text,
  contact_name: text,
  reason: z.string(),
  state: z.enum(["waiting", "taken", "released"]),
  waiting_at: z.string(),
  taken_at: text,
  taken_by: text,
  replied_at: text,
  released_at: text,
  last_inbound_at: text,
});
export const message = z.object({
  id: z.string(),
  direction: z.enum(["in", "out"]),
  type: z.string(),
  content: jsonObject,
  at: z.string(),
  state: z.string(),
});
const session = z.object({ current_agent: text, preferences: jsonObject, context: jsonObject });

export const forbidden = z.object({ code: z.literal("forbidden") });
export const notFound = z.object({ code: z.literal("not_found") });
export const outsideWindow = z.object({
  code: z.literal("outside_window"),
  last_inbound_at: text,
});
const released = z.object({ code: z.literal("released") });
const takenByAnother = z.object({ code: z.literal("taken_by_another"), taken_by: text });

const listed = z.discriminatedUnion("code", [
  z.object({ code: z.literal("listed"), hand_overs: z.array(handOver) }),
  forbidden,
]);
const read = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("read"),
    hand_over: handOver,
    session: session.nullable(),
    messages: z.array(message),
  }),
  notFound,
  forbidden,
]);
const taken = z.discriminatedUnion("code", [
  z.object({ code: z.literal("taken"), hand_over: handOver }),
  released,
  takenByAnother,
  notFound,
  forbidden,
]);
const replied = z.discriminatedUnion("code", [
  z.object({ code: z.literal("queued"), message_id: z.string() }),
  z.object({ code: z.enum(["not_taken", "opted_out"]) }),
  outsideWindow,
  notFound,
  forbidden,
]);
const gaveBack = z.discriminatedUnion("code", [
  z.object({ code: z.literal("released"), told: z.boolean() }),
  takenByAnother,
  notFound,
  forbidden,
]);

/** Conversations that a person of the organization has taken over; every call may be made again. */
export function createHandOverStore(database: Database): HandOverStore {
  const again = { idempotent: true };
  return {
    listHandOvers: (input) => database.callFunction("list_hand_overs", input, listed, again),
    readHandOver: (input) => database.callFunction("read_hand_over", input, read, again),
    takeHandOver: (input) => database.callFunction("take_hand_over", input, taken, again),
    replyToHandOver: (input) => database.callFunction("reply_to_hand_over", input, replied, again),
    releaseHandOver: (input) => database.callFunction("release_hand_over", input, gaveBack, again),
  };
}
