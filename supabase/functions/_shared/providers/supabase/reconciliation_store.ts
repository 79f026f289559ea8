import * as z from "zod";
import type { ReconciliationStore } from "../../ports_calls.ts";
import { callState } from "./call_store.ts";
import type { Database } from "./create_database.ts";
import { credential, leaseLost } from "./rows.ts";

const claimed = z.object({
  code: z.literal("claimed"),
  calls: z.array(z.object({
    id: z.string(),
    org_id: z.string(),
    vapi_call_id: z.string(),
    state: callState,
    direction: z.enum(["inbound", "outbound", "web"]),
    created_at: z.string(),
    attempts: z.number(),
    fencing_token: z.number(),
    vapi: credential.nullable(),
  })),
});
const recorded = z.discriminatedUnion("code", [
  z.object({ code: z.literal("recorded"), state: callState }),
  leaseLost,
]);

export function createReconciliationStore(database: Database): ReconciliationStore {
  return {
    async claimStaleCalls(input) {
      const { calls } = await database.callFunction("claim_stale_calls", input, claimed);
      return calls;
    },

    recordReconciliation: (input) =>
      database.callFunction("record_reconciliation", input, recorded, { idempotent: true }),
  };
}
