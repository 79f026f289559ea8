import * as z from "zod";
import type { OutboxStore } from "../../ports_messaging.ts";
import type { Database } from "./create_database.ts";
import { claimedSend, senderRow } from "./message_rows.ts";

const claimed = z.object({
  code: z.literal("claimed"),
  sends: z.array(claimedSend),
  senders: z.record(z.string(), senderRow),
});
const recorded = z.object({
  code: z.literal("recorded"),
  lost: z.array(z.string()),
  sends: z.array(claimedSend),
});
const listed = z.object({
  code: z.literal("listed"),
  refusals: z.array(z.object({
    org_id: z.string(),
    contact_id: z.string(),
    id: z.string(),
    type: z.enum(["text", "buttons", "list", "location_request", "template"]),
    attempts: z.number(),
    wamid: z.string().nullable(),
    error_code: z.number().nullable(),
    error: z.string().nullable(),
    fingerprint: z.string().nullable(),
  })),
  senders: z.record(z.string(), senderRow),
});
const settled = z.object({ code: z.literal("settled"), settled: z.number() });
const expired = z.looseObject({ code: z.literal("expired") });

export function createOutboxStore(database: Database): OutboxStore {
  return {
    // Each call has an id of its own: made again after a lost answer, it claims and records nothing more
    // and gives the same answer.
    async claimOutbound(input) {
      const request = { claim_id: crypto.randomUUID(), ...input };
      const { sends, senders } = await database.callFunction("claim_outbound", request, claimed, {
        idempotent: true,
      });
      return { sends, senders };
    },
    async recordSent(input) {
      const request = { claim_id: crypto.randomUUID(), ...input };
      const { lost, sends } = await database.callFunction("record_sent", request, recorded, {
        idempotent: true,
      });
      return { lost, sends };
    },
    async listRefusals(input) {
      const { refusals, senders } = await database.callFunction("list_refusals", input, listed, {
        idempotent: true,
      });
      return { refusals, senders };
    },
    async settleRefusals(input) {
      return await database.callFunction("settle_refusals", input, settled, { idempotent: true });
    },
    async expireMessages(input) {
      const { code: _, ...counts } = await database.callFunction(
        "expire_messages",
        input,
        expired,
        {
          idempotent: true,
        },
      );
      return Object.fromEntries(
        Object.entries(counts).filter((entry): entry is [string, number] =>
          typeof entry[1] === "number"
        ),
      );
    },
  };
}
