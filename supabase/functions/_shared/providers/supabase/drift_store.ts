import * as z from "zod";
import type { AgentRow, JsonObject } from "../../ports.ts";
import type { DriftStore } from "../../ports_voice_agents.ts";
import type { Database } from "./create_database.ts";
import { agentRole, agentRow, credential, leaseLost, settingsRow, voiceDefaults } from "./rows.ts";

/** The agent's row passes through whole; of its further columns this one is needed. */
const checkedAgent = agentRow.pipe(
  z.custom<AgentRow & { applied: JsonObject | null }>((row) =>
    typeof (row as { applied?: unknown }).applied === "object"
  ),
);
const claimed = z.object({
  code: z.literal("claimed"),
  checks: z.array(z.object({
    org_id: z.string(),
    role: agentRole,
    fencing_token: z.number(),
    agent: checkedAgent,
    vapi: credential,
    settings: settingsRow,
    voice_defaults: voiceDefaults.nullable(),
  })),
});
const recorded = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("recorded"),
    policy: z.enum(["repair", "report"]),
    sync_queued: z.boolean(),
  }),
  leaseLost,
]);

export function createDriftStore(database: Database): DriftStore {
  return {
    async claimDriftChecks(input) {
      const { checks } = await database.callFunction("claim_drift_checks", input, claimed);
      return checks;
    },

    // Repeated after a lost answer it finds its lease released and changes nothing.
    recordDriftCheck: (input) =>
      database.callFunction("record_drift_check", input, recorded, { idempotent: true }),
  };
}
