import * as z from "zod";
import type { RecordingStore } from "../../ports_calls.ts";
import type { Database } from "./create_database.ts";
import { leaseLost } from "./rows.ts";

const claimed = z.object({
  code: z.literal("claimed"),
  recordings: z.array(z.object({
    id: z.string(),
    org_id: z.string(),
    vapi_call_id: z.string(),
    source_url: z.string(),
    attempts: z.number(),
    fencing_token: z.number(),
  })),
});
const recorded = z.discriminatedUnion("code", [
  z.object({ code: z.literal("recorded"), state: z.string() }),
  leaseLost,
]);
const read = z.discriminatedUnion("code", [
  z.object({ code: z.literal("read"), storage_path: z.string() }),
  z.object({ code: z.literal("not_stored"), state: z.string().nullable() }),
  z.object({ code: z.literal("not_found") }),
]);

export function createRecordingStore(database: Database): RecordingStore {
  return {
    async claimRecordings(input) {
      const { recordings } = await database.callFunction("claim_recordings", input, claimed);
      return recordings;
    },

    recordRecording: (input) =>
      database.callFunction("record_recording", input, recorded, { idempotent: true }),

    readRecording: (input) =>
      database.callFunction("read_recording", input, read, { idempotent: true }),
  };
}
