import * as z from "zod";
import type { ControlState, HealthStore } from "../../ports.ts";
import type { Database } from "./create_database.ts";
import { jsonObject } from "./rows.ts";

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

const count = z.number();
const controlState = z.object({
  code: z.literal("read"),
  flags: jsonObject.nullable(),
  changed_at: z.string().nullable(),
  open_alerts: z.object({ critical: count, warning: count, info: count }),
  failed_alert_rules: z.array(z.string()),
});

/** `withControl`: also what is switched on, asked for at the same time. */
export function createHealthStore(
  database: Database,
  { withControl = false }: { withControl?: boolean } = {},
): HealthStore {
  return {
    async readHealth({ signal }) {
      const [{ code: _, ...snapshot }, control] = await Promise.all([
        database.callFunction("read_health", {}, health, { signal }),
        withControl ? readControl(signal) : undefined,
      ]);
      return control === undefined ? snapshot : { ...snapshot, control };
    },
  };

  async function readControl(signal: AbortSignal): Promise<ControlState> {
    const { code: _, ...control } = await database.callFunction(
      "read_control_state",
      {},
      controlState,
      { signal },
    );
    return control;
  }
}
