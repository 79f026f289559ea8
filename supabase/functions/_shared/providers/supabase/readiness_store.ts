import * as z from "zod";
import type { ReadinessStore } from "../../ports.ts";
import type { Database } from "./create_database.ts";

const readiness = z.object({
  code: z.literal("read"),
  schema_version: z.string().nullable(),
  cron_lines: z.number().nullable(),
  vault_names: z.array(z.string()).nullable(),
  seconds_since_heartbeat: z.number().nullable(),
});

export function createReadinessStore(database: Database): ReadinessStore {
  return {
    async readReadiness({ signal }) {
      const { code: _, ...snapshot } = await database.callFunction(
        "read_readiness",
        {},
        readiness,
        { signal },
      );
      return snapshot;
    },
  };
}
