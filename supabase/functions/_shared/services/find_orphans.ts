import { AppError, type FieldError } from "../errors.ts";
import type { AgentRole, Vapi } from "../ports.ts";
import type { AgentStore } from "../ports_voice_agents.ts";
import { holdWorkspace } from "./hold_workspace.ts";
import { listOwnAssistants, type OwnAssistant } from "./list_own_assistants.ts";
import { openWorkspace } from "./open_workspace.ts";
import { type NumberWarning, rebindAfterSync } from "./rebind_after_sync.ts";
import type { RebindPorts } from "./rebind_number.ts";
import { resolveOrphans } from "./resolve_orphans.ts";
import { startDeadline } from "./start_deadline.ts";
import { syncAgents } from "./sync_agents.ts";

export type OrphanPorts = RebindPorts & { behavior: AgentStore };
export type Orphan = Omit<OwnAssistant, "id"> & {
  assistantId: string;
  /** What was done with it, or in a dry run would be. */
  action: "none" | "adopt" | "delete";
  /** Why it was not done. */
  error?: string;
};
export type OrphansAnswer = {
  success: boolean;
  dryRun: boolean;
  orphans: Orphan[];
  warnings?: NumberWarning[];
  requestId: string;
};

const ACTION = "look for orphans";
const DEADLINE_MILLISECONDS = 40_000;

/**
 * Assistants at Vapi that carry our metadata for this organization and that no row knows: what a
 * lost answer or a replaced row has left behind. Those named are adopted, which makes them their
 * agent's assistant and syncs it, or deleted; without `dryRun: false` nothing is. Other assistants
 * are never touched: neither those without our metadata nor those of other organizations.
 * @throws AppError `not_connected`, `conflict`, `invalid_input` when something named is no orphan;
 *   ProviderError when the account can't be read
 */
export async function findOrphans(
  ports: OrphanPorts,
  input: {
    orgId: string;
    userId: string;
    requestId: string;
    dryRun: boolean;
    adopt: string[];
    delete: string[];
  },
): Promise<OrphansAnswer> {
  const { orgId, requestId, dryRun } = input;
  const { orphans, adopted } = await holdWorkspace(
    ports,
    { ...input, operation: "orphan_audit" },
    async (held) => {
      const { vapi: credentials } = await openWorkspace(ports, orgId, held.integrations);
      if (credentials === undefined) {
        throw new AppError(
          "not_connected",
          `Cannot ${ACTION}: no Vapi account is connected, save a workspace with "vapi_api_key" first`,
        );
      }
      const deadline = startDeadline(DEADLINE_MILLISECONDS);
      try {
        const vapi = ports.connect.vapi(credentials, held.record, { signal: deadline.signal });
        const found = await listOrphans(ports, vapi, input);
        requireOrphans(input, found);
        const adopted: AgentRole[] = dryRun ? [] : await resolveOrphans(ports, vapi, found, input);
        held.report.outcome = found.some(({ error }) => error !== undefined)
          ? "partially_succeeded"
          : "succeeded";
        held.report.details = {
          dry_run: dryRun,
          orphans: found.map(({ assistantId, action, error }) => ({
            vapi_assistant_id: assistantId,
            action,
            ...(error === undefined ? {} : { error }),
          })),
        };
        return { orphans: found, adopted };
      } finally {
        deadline.end();
      }
    },
  );
  let warnings: NumberWarning[] = [];
  if (adopted.length > 0) {
    const results = await syncAgents(ports, { orgId, requestId, roles: adopted });
    warnings = await rebindAfterSync(
      ports,
      // The row knows the assistant already, so the sync doesn't see that it moved.
      results.map((result) => result.role === "inbound" ? { ...result, rebind: true } : result),
      { orgId, requestId },
    );
  }
  return {
    success: orphans.every(({ error }) => error === undefined),
    dryRun,
    orphans,
    ...(warnings.length === 0 ? {} : { warnings }),
    requestId,
  };
}

/** Rows are read last, so that an assistant that was just made and recorded is known. */
async function listOrphans(
  ports: OrphanPorts,
  vapi: Vapi,
  input: { orgId: string; adopt: string[]; delete: string[] },
): Promise<Orphan[]> {
  const own = await listOwnAssistants(vapi, input);
  const known = await ports.behavior.listKnownAssistants({ org_id: input.orgId });
  return own
    .filter(({ id }) => !known.some(({ vapi_assistant_id }) => vapi_assistant_id === id))
    .map(({ id, ...assistant }): Orphan => ({
      assistantId: id,
      ...assistant,
      role: known.find(({ agent_id }) => agent_id === assistant.agentId)?.role ?? assistant.role,
      action: input.adopt.includes(id) ? "adopt" : input.delete.includes(id) ? "delete" : "none",
    }))
    .sort((left, right) => left.createdAt < right.createdAt ? -1 : 1);
}

function requireOrphans(
  input: { adopt: string[]; delete: string[] },
  orphans: Orphan[],
): void {
  const errors = (["adopt", "delete"] as const).flatMap((list): FieldError[] =>
    input[list].flatMap((id, index) => {
      const field = `${list}.${index}`;
      const orphan = orphans.find(({ assistantId }) => assistantId === id);
      if (orphan === undefined) return { field, detail: "is not an orphan of this organization" };
      if (list === "delete") {
        return input.adopt.includes(id) ? { field, detail: "is also to be adopted" } : [];
      }
      if (orphan.role === null) return { field, detail: "says of no agent that it is its own" };
      const rivals = orphans.filter(({ action, role }) =>
        action === "adopt" && role === orphan.role
      );
      return rivals.length > 1
        ? { field, detail: `is one of several for the ${orphan.role} agent` }
        : [];
    })
  );
  if (errors.length === 0) return;
  throw new AppError(
    "invalid_input",
    `Cannot resolve the orphans: ${
      errors.map(({ field, detail }) => `${field} ${detail}`).join("; ")
    }`,
    { errors },
  );
}
