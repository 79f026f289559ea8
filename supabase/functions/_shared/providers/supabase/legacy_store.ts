import { Buffer } from "node:buffer";
import * as z from "zod";
import type { LegacyStore } from "../../ports_legacy.ts";
import type { Database } from "./create_database.ts";

const claimed = z.object({
  code: z.literal("claimed"),
  webhooks: z.unknown(),
  deliveries: z.array(z.object({
    id: z.string(),
    org_id: z.string().nullable(),
    fencing_token: z.number(),
    attempts: z.number(),
    signed_by_org_id: z.string().nullable(),
    is_whole: z.boolean(),
    signature: z.string().nullable(),
    body_base64: z.string(),
    messages: z.array(z.object({ phone_number_id: z.string(), wamid: z.string() })),
    statuses: z.array(z.object({
      phone_number_id: z.string(),
      wamid: z.string(),
      status: z.enum(["sent", "delivered", "read", "failed"]),
    })),
    recent_agent: z.string().nullable(),
  })),
});
const recorded = z.object({
  code: z.literal("recorded"),
  lost: z.array(z.string()),
  dead_lettered: z.number(),
});

export function createLegacyStore(database: Database): LegacyStore {
  return {
    // Not tried again: the lease of a lost answer runs out and the worker claims them.
    async claimLegacyDeliveries(input) {
      const { webhooks, deliveries } = await database.callFunction(
        "claim_legacy_deliveries",
        input,
        claimed,
      );
      return {
        webhooks,
        deliveries: deliveries.map(({ body_base64, ...delivery }) => ({
          ...delivery,
          body: new Uint8Array(Buffer.from(body_base64, "base64")),
        })),
      };
    },
    async recordLegacyDeliveries(input) {
      const { lost, dead_lettered } = await database.callFunction(
        "record_legacy_deliveries",
        input,
        recorded,
        { idempotent: true },
      );
      return { lost, dead_lettered };
    },
  };
}
