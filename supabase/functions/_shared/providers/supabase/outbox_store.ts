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
const expired = z.looseObject({ code: z.literal("expired") });

export function createOutboxStore(database: Database): OutboxStore {
  return {
    // Not tried again: what a lost answer claimed becomes `unknown` when its lease is over.
    async claimOutbound(input) {
      const { sends, senders } = await database.callFunction("claim_outbound", input, claimed);
      return { sends, senders };
    },
    // Settled messages stay as they are, and a claim that was made is made once: tried again, at
    // worst the messages it claimed in the first answer, which was lost, become `unknown`.
    async recordSent(input) {
      const { lost, sends } = await database.callFunction("record_sent", input, recorded, {
        idempotent: true,
      });
      return { lost, sends };
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
