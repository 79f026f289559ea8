import * as z from "zod";
import type { HealthStore } from "../../ports.ts";
import type { Database } from "./create_database.ts";

const health = z.object({
  code: z.literal("read"),
  database_size_mb: z.number(),
  background_jobs: z.object({
    last_heartbeat_at: z.string().nullable(),
    seconds_since_heartbeat: z.number().nullable(),
    queued: z.number(),
    oldest_queued_seconds: z.number().nullable(),
    dead_lettered: z.number(),
  }),
  flags_valid: z.boolean(),
});

export function createHealthStore(database: Database): HealthStore {
  return {
    async readHealth({ signal }) {
      const { code: _, ...snapshot } = await database.callFunction("read_health", {}, health, {
        signal,
      });
      return snapshot;
    },
  };
}
