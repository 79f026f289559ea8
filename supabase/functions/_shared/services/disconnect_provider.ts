import { AppError } from "../errors.ts";
import type { ProviderName, WorkspaceStore } from "../ports.ts";
import { holdWorkspace } from "./hold_workspace.ts";
import { undoConnection, type UndoPorts } from "./undo_connection.ts";

export type DisconnectProviderPorts = UndoPorts & { workspace: WorkspaceStore };
export type DisconnectAnswer = {
  success: true;
  provider: ProviderName;
  orgId: string;
  steps: {
    numberReleased: boolean;
    webhookUnsubscribed: boolean;
    credentialsDeleted: true;
  };
  warnings?: { provider: ProviderName; detail: string }[];
  requestId: string;
};

/**
 * Takes back what the workspace set up with a provider, then forgets its credentials. A key that
 * died, or objects that are gone, can't be taken back and don't stand in the way.
 * @param input.force goes on although a provider can't be reached; what it holds of us stays there
 * @throws AppError `not_connected`, `conflict`, `provider_failed` (nothing changed)
 */
export async function disconnectProvider(
  ports: DisconnectProviderPorts,
  { orgId, userId, requestId, provider, force }: {
    orgId: string;
    userId: string;
    requestId: string;
    provider: ProviderName;
    force: boolean;
  },
): Promise<DisconnectAnswer> {
  const identity = { orgId, userId, requestId };
  ports.logger.info("Workspace disconnect request received", { provider, force });
  return await holdWorkspace(
    ports,
    { ...identity, operation: "workspace_disconnect" },
    async (held) => {
      held.report.details = { provider, force };
      if (
        !held.integrations.some((row) => row.provider === provider && row.connected)
      ) {
        throw new AppError("not_connected", `Cannot disconnect "${provider}": it is not connected`);
      }
      const undone = await undoConnection(ports, { orgId, provider, force, held });
      const { code } = await ports.workspace.disconnectIntegration({
        org_id: orgId,
        user_id: userId,
        request_id: requestId,
        fencing_token: held.fencing_token,
        provider,
      });
      if (code !== "disconnected") {
        throw new AppError(
          "conflict",
          `Cannot disconnect "${provider}": another request took over`,
          { retryAfterSeconds: 5 },
        );
      }
      ports.logger.info("Provider disconnected", { provider });
      if (provider === "twilio" && undone.released) {
        held.report.patches = [{ provider: "vapi", public_config_patch: { number: null } }];
      }
      const { warnings } = undone;
      held.report.outcome = warnings.length === 0 ? "succeeded" : "partially_succeeded";
      held.report.details = { ...held.report.details, warnings };
      return {
        success: true,
        provider,
        orgId,
        steps: {
          numberReleased: undone.released,
          webhookUnsubscribed: undone.unsubscribed,
          credentialsDeleted: true,
        },
        ...(warnings.length === 0 ? {} : { warnings }),
        requestId,
      };
    },
  );
}
