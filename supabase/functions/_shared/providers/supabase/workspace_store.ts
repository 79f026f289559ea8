import * as z from "zod";
import type { WorkspaceStore } from "../../ports.ts";
import type { Database } from "./create_database.ts";
import {
  agentRole,
  agentRow,
  integrationRow,
  leaseLost,
  onlyCode,
  providerName,
  sealedIntegrationRow,
  settingsRow,
} from "./rows.ts";

const began = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("began"),
    fencing_token: z.number(),
    integrations: z.array(sealedIntegrationRow),
    agents: z.array(agentRow),
    settings: settingsRow,
  }),
  z.object({ code: z.literal("busy"), retry_after_seconds: z.number() }),
]);
const settingsChanges = z.record(z.string(), z.object({ from: z.json(), to: z.json() }));
const stored = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("stored"),
    agents: z.array(z.object({ id: z.string(), role: agentRole, created: z.boolean() })),
    integrations: z.array(z.object({ provider: providerName, revision: z.number() })),
    settings: settingsChanges.exactOptional(),
  }),
  z.object({ code: z.literal("storable"), settings: settingsChanges.exactOptional() }),
  leaseLost,
  z.object({
    code: z.literal("taken"),
    provider: providerName,
    field: z.enum([
      "whatsapp_phone_number_id",
      "whatsapp_business_account_id",
      "twilio_from_number",
    ]),
  }),
]);
const read = z.object({
  code: z.literal("read"),
  integrations: z.array(integrationRow),
  agents: z.array(agentRow),
});

export function createWorkspaceStore(database: Database): WorkspaceStore {
  return {
    // Repeated after a lost answer it is known by its claim, and given the same token.
    beginWorkspaceSave: (input) =>
      database.callFunction(
        "begin_workspace_save",
        { ...input, claim_id: crypto.randomUUID() },
        began,
        { idempotent: true },
      ),
    storeWorkspace: (input) => database.callFunction("store_workspace", input, stored),
    finishWorkspaceSave: (input) =>
      database.callFunction("finish_workspace_save", input, onlyCode("finished", "lease_lost"), {
        idempotent: true,
      }),
    async readWorkspace(input) {
      const { integrations, agents } = await database.callFunction("read_workspace", input, read, {
        idempotent: true,
      });
      return { integrations, agents };
    },
    disconnectIntegration: (input) =>
      database.callFunction(
        "disconnect_integration",
        input,
        onlyCode("disconnected", "not_connected", "lease_lost"),
      ),
  };
}
