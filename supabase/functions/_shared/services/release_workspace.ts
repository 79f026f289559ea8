import type { ProviderName } from "../ports.ts";
import { type HeldWorkspace, holdWorkspace } from "./hold_workspace.ts";
import { undoConnection, type UndoPorts } from "./undo_connection.ts";

const PROVIDERS = ["vapi", "whatsapp"] as const satisfies ProviderName[];

/** Takes back the number's binding and the webhook's subscription. Answers what stays, for people. */
export async function releaseWorkspace(
  ports: UndoPorts,
  { orgId, held }: { orgId: string; held: HeldWorkspace },
): Promise<string[]> {
  const problems: string[] = [];
  for (const provider of PROVIDERS) {
    const row = held.integrations.find((one) => one.provider === provider);
    if (row === undefined || !row.connected) continue;
    const { warnings } = await undoConnection(ports, { orgId, provider, force: true, held });
    problems.push(...warnings.map((warning) => `${warning.provider}: ${warning.detail}`));
  }
  return problems;
}

/**
 * The same by itself, before anything is erased: afterwards nobody reaches the organization.
 * @throws AppError `conflict` while somebody changes the workspace
 */
export async function closeWorkspace(
  ports: Parameters<typeof holdWorkspace>[0] & UndoPorts,
  { orgId, requestId }: { orgId: string; requestId: string },
): Promise<string[]> {
  return await holdWorkspace(
    ports,
    { orgId, userId: "", requestId, operation: "workspace_disconnect" },
    async (held) => {
      held.report.outcome = "succeeded";
      held.report.details = { erasing: true };
      return await releaseWorkspace(ports, { orgId, held });
    },
  );
}
