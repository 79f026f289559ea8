import { AppError } from "../errors.ts";
import type { WorkspaceStore } from "../ports.ts";
import { holdWorkspace } from "./hold_workspace.ts";
import { openWorkspace } from "./open_workspace.ts";
import { startBinding } from "./start_binding.ts";
import { startDeadline } from "./start_deadline.ts";
import { subscribeWorkspace } from "./subscribe_workspace.ts";
import type { PushPorts } from "./workspace_step.ts";

export type FinishWorkspacePorts = PushPorts & { workspace: WorkspaceStore };

const DEADLINE_MILLISECONDS = 30_000;

/**
 * Does what a save left undone after it had stored the credentials, because its process died or a
 * provider failed: binds the number, subscribes our app. The agents have jobs of their own.
 * @throws AppError `conflict` while the workspace is being changed, `misconfigured` when stored
 *   credentials can't be opened, `provider_failed` with the reasons when a step failed again
 */
export async function finishWorkspace(
  ports: FinishWorkspacePorts,
  { orgId, requestId }: { orgId: string; requestId: string },
): Promise<void> {
  await holdWorkspace(
    ports,
    { orgId, userId: "system", requestId, operation: "workspace_push" },
    async (held) => {
      const { integrations, report } = held;
      const now = await openWorkspace(ports, orgId, integrations);
      const closed = integrations.filter(({ provider, connected }) =>
        connected && now[provider] === undefined
      );
      if (closed.length > 0) {
        const names = closed.map(({ provider }) => provider).join(", ");
        throw new AppError(
          "misconfigured",
          `Cannot finish the workspace: the stored credentials of ${names} cannot be opened`,
        );
      }
      const vapi = integrations.find(({ provider }) => provider === "vapi");
      const input = {
        orgId,
        requestId,
        held,
        before: now,
        now,
        vapiFingerprint: vapi?.fingerprint ?? null,
        // Only what its own record shows to be undone.
        mentioned: [],
      };
      const deadline = startDeadline(DEADLINE_MILLISECONDS);
      try {
        const [bound, subscribed] = await Promise.all([
          startBinding(ports, input, deadline.signal)([]),
          subscribeWorkspace(ports, input, deadline.signal),
        ]);
        report.patches = [...bound.patches, ...subscribed.patches];
        const warnings = [...bound.warnings, ...subscribed.warnings];
        report.details = {
          steps: { numberBound: bound.done, webhookSubscribed: subscribed.done },
          warnings,
        };
        report.outcome = warnings.length === 0 ? "succeeded" : "failed";
        if (warnings.length === 0) return;
        const reasons = warnings.map(({ provider, detail }) => `${provider}: ${detail}`).join("; ");
        throw new AppError("provider_failed", `Cannot finish the workspace: ${reasons}`);
      } finally {
        deadline.end();
      }
    },
  );
}
