import * as z from "zod";
import type { AgentSyncStore } from "../../ports.ts";
import type { Database } from "./create_database.ts";
import { agentRow, credential, leaseLost, settingsRow, voiceDefaults } from "./rows.ts";

const state = {
  agent: agentRow,
  vapi: credential,
  settings: settingsRow,
  voice_defaults: voiceDefaults.nullable(),
};
const notConnected = z.object({ code: z.literal("not_connected"), agent: agentRow });
const notFound = z.object({ code: z.literal("not_found") });
const claimed = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("claimed"),
    fencing_token: z.number(),
    ...state,
    interrupted: z.boolean().exactOptional(),
  }),
  z.object({ code: z.literal("held"), retry_after_seconds: z.number() }),
  notConnected,
  notFound,
]);
const read = z.discriminatedUnion("code", [
  z.object({ code: z.literal("read"), ...state }),
  notConnected,
  notFound,
]);
const intended = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("recorded"),
    previous_intent_at: z.string().nullable(),
    intended_at: z.string(),
  }),
  leaseLost,
]);
const recorded = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("recorded"),
    again: z.boolean(),
    state_changed: z.boolean().exactOptional(),
  }),
  leaseLost,
]);
const status = z.object({
  code: z.literal("read"),
  agents: z.array(agentRow),
  queued_jobs: z.number(),
});
export function createAgentSyncStore(database: Database): AgentSyncStore {
  return {
    // Repeated after a lost answer it is known by its claim, and given the same token.
    claimAgentSync: (input) =>
      database.callFunction(
        "claim_agent_sync",
        { ...input, claim_id: crypto.randomUUID() },
        claimed,
        { idempotent: true },
      ),

    readAgentSync: (input) =>
      database.callFunction("read_agent_sync", input, read, { idempotent: true }),

    // The oldest unresolved intent is kept, so a second attempt at most finds the first one's.
    recordCreateIntent: (input) =>
      database.callFunction("record_create_intent", input, intended, { idempotent: true }),

    // Repeated after a lost answer it finds its lease released and changes nothing.
    recordAgentSync: (input) =>
      database.callFunction("record_agent_sync", input, recorded, { idempotent: true }),

    async readSyncStatus({ org_id }) {
      const { agents, queued_jobs } = await database.callFunction(
        "read_sync_status",
        { org_id },
        status,
        { idempotent: true },
      );
      return { agents, queued_jobs };
    },
  };
}
