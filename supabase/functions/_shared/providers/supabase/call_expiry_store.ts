import * as z from "zod";
import type { CallExpiryStore } from "../../ports_calls.ts";
import type { Database } from "./create_database.ts";

const expired = z.object({
  code: z.literal("expired"),
  deleted: z.number(),
  recordings: z.array(z.string()),
});
const forgotten = z.object({ code: z.literal("forgotten"), count: z.number() });

export function createCallExpiryStore(database: Database): CallExpiryStore {
  return {
    async expireCalls(input) {
      const { deleted, recordings } = await database.callFunction("expire_calls", input, expired, {
        idempotent: true,
      });
      return { deleted, recordings };
    },

    async forgetRecordings(input) {
      await database.callFunction("forget_recordings", input, forgotten, { idempotent: true });
    },
  };
}
