import * as z from "zod";
import { JOB_KINDS, type JobStore } from "../../ports.ts";
import type { Database } from "./create_database.ts";
import { jsonObject, leaseLost } from "./rows.ts";

const queued = z.object({ code: z.literal("queued"), count: z.number() });
const claimed = z.object({
  code: z.literal("claimed"),
  jobs: z.array(z.object({
    id: z.string(),
    kind: z.enum(JOB_KINDS),
    org_id: z.string().nullable(),
    payload: jsonObject,
    attempts: z.number(),
    fencing_token: z.number(),
  })),
});
const completed = z.discriminatedUnion("code", [
  z.object({ code: z.literal("recorded"), state: z.string() }),
  leaseLost,
]);
const heartbeat = z.object({ code: z.literal("recorded") });
const expired = z.object({ code: z.literal("expired") }).catchall(z.number());

export function createJobStore(database: Database): JobStore {
  return {
    async queueDueJobs(input) {
      const { count } = await database.callFunction("queue_due_jobs", input, queued, {
        idempotent: true,
      });
      return { count };
    },
    // Not tried again: the jobs of a lost answer stay claimed until their lease is over.
    async claimJobs(input) {
      return (await database.callFunction("claim_jobs", input, claimed)).jobs;
    },
    completeJob: (input) => database.callFunction("complete_job", input, completed),
    async recordHeartbeat(input) {
      await database.callFunction("record_heartbeat", input, heartbeat, { idempotent: true });
    },
    async expireRows(input) {
      const { code: _, ...counts } = await database.callFunction("expire_rows", input, expired, {
        idempotent: true,
      });
      return counts;
    },
    async expireHistory(input) {
      const { code: _, ...counts } = await database.callFunction("expire_history", input, expired, {
        idempotent: true,
      });
      return counts;
    },
  };
}
