import * as z from "zod";
import type { CallRequestStore } from "../../ports_calling.ts";
import type { Database } from "./create_database.ts";
import { callingFacts } from "./calling_rows.ts";
import { credential, leaseLost } from "./rows.ts";

const claimed = z.object({
  code: z.literal("claimed"),
  requests: z.array(z.object({
    id: z.string(),
    org_id: z.string(),
    state: z.enum(["requested", "intended"]),
    reason: z.string(),
    not_before: z.string(),
    intended_at: z.string().nullable(),
    intent: z.object({
      assistant_id: z.string(),
      phone_number_id: z.string(),
      fingerprint: z.string(),
    }).nullable(),
    attempts: z.number(),
    lookups: z.number(),
    fencing_token: z.number(),
    minutes_used: z.number(),
    calling: callingFacts,
    contact_name: z.string().nullable(),
    vapi: credential.nullable(),
  })),
});
const intended = z.object({
  code: z.enum(["intended", "minutes_spent", "opted_out", "lease_lost"]),
});
const recorded = z.discriminatedUnion("code", [
  z.object({ code: z.literal("recorded"), state: z.string() }),
  leaseLost,
]);

/** Calls back: claimed, intended, recorded; a repeated write finds what the first one left. */
export function createCallRequestStore(database: Database): CallRequestStore {
  return {
    async claimCallRequests(input) {
      const { requests } = await database.callFunction("claim_call_requests", input, claimed);
      return requests;
    },

    intendCall: (input) =>
      database.callFunction("intend_call", input, intended, { idempotent: true }),

    recordCallRequest: (input) =>
      database.callFunction("record_call_request", input, recorded, { idempotent: true }),
  };
}
