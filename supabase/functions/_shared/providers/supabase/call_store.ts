import { Buffer } from "node:buffer";
import * as z from "zod";
import { AppError } from "../../errors.ts";
import type { CallContext, CallStore } from "../../ports_calls.ts";
import { refusals } from "./agent_rows.ts";
import type { Database } from "./create_database.ts";
import { agentRole, jsonObject, onlyCode } from "./rows.ts";

const callDirection = z.enum(["inbound", "outbound", "web"]);
export const callState = z.enum([
  "scheduled",
  "queued",
  "rung",
  "answered",
  "forwarded",
  "ended",
]);
const storedResult = {
  tool_call_id: z.string(),
  tool: z.string(),
  result: z.string().nullable(),
  error: z.string().nullable(),
};
const context = z.object({
  call: z.object({
    id: z.string(),
    vapi_call_id: z.string(),
    direction: callDirection,
    state: callState,
    contact_id: z.string().nullable(),
    phone_number: z.string().nullable(),
  }).nullable(),
  agent: z.object({
    id: z.string(),
    role: agentRole,
    state: z.enum(["draft", "active", "paused", "error"]),
    activation_mode: z.enum(["limited", "full"]),
    vapi_assistant_id: z.string().nullable(),
  }).nullable(),
  settings: z.object({
    business_hours: jsonObject,
    time_zone: z.string(),
    language: z.string(),
    fallback_text: z.string(),
    transfer_number: z.string().nullable(),
    test_numbers: z.array(z.string()),
    enabled_tools: z.array(z.string()),
    currency: z.string().exactOptional(),
    phone_knowledge_mode: z.enum(["query_tool", "own_index"]),
  }),
  flags: jsonObject,
  whatsapp_connected: z.boolean(),
  stored_results: z.array(z.object(storedResult)),
  questions: z.array(
    z.object({ tool_call_id: z.string(), tool: z.string(), arguments: jsonObject }),
  ),
  preferences: z.object({ rollout_key: z.string(), values: jsonObject }).nullable(),
});
const ingested = z.discriminatedUnion("code", [
  z.looseObject({ code: z.enum(["ingested", "duplicate"]), org_id: z.string() }),
  z.object({ code: z.enum(["secret_superseded", "foreign_call"]), org_id: z.string() }),
  z.object({ code: z.literal("organization_unknown") }),
]);
const recordedTools = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("recorded"),
    results: z.array(z.object({
      ...storedResult,
      replayed: z.boolean(),
      refusals: refusals.exactOptional(),
    })),
  }),
  z.object({ code: z.literal("call_unknown") }),
]);
const recordedFailure = z.discriminatedUnion("code", [
  z.object({ code: z.literal("recorded"), attempts: z.number(), dead_lettered: z.boolean() }),
  z.object({ code: z.literal("organization_unknown") }),
]);

/** Calls and their tool calls; a repeated write finds what the first one left. */
export function createCallStore(database: Database): CallStore {
  return {
    async ingest(input, { retries = false, ...options } = {}) {
      const answer = await database.callFunction("ingest_vapi_event", input, ingested, {
        ...options,
        idempotent: retries,
      });
      switch (answer.code) {
        case "ingested":
        case "duplicate":
          return {
            code: answer.code,
            org_id: answer.org_id,
            context: input.answer ? readContext(answer) : null,
          };
        default:
          return answer;
      }
    },

    recordToolCalls: (input, options = {}) =>
      database.callFunction("record_tool_calls", input, recordedTools, {
        ...options,
        idempotent: true,
      }),

    recordFailedEvent: (input) =>
      database.callFunction("record_failed_event", input, recordedFailure),

    async recordUnreadable({ org_id, reason, body }) {
      await database.callFunction("record_unreadable_event", {
        org_id,
        reason,
        body_base64: Buffer.from(body).toString("base64"),
      }, onlyCode("recorded"));
    },
  };
}

function readContext(answer: unknown): CallContext {
  const parsed = context.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new AppError(
    "internal",
    `Cannot read the answer of "ingest_vapi_event": ${z.prettifyError(parsed.error)}`,
  );
}
