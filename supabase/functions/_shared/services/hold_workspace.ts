import { AppError } from "../errors.ts";
import type {
  BeginWorkspaceSaveResult,
  Clock,
  FinishWorkspaceSaveInput,
  JsonObject,
  Logger,
  ProviderCall,
  RecordProviderCall,
  WorkspaceStore,
} from "../ports.ts";

export type HeldWorkspace =
  & Omit<BeginWorkspaceSaveResult & { code: "began" }, "code">
  & {
    /** Counts a provider's call; written when the workspace is let go. */
    record: RecordProviderCall;
    /** What is written about the work when the workspace is let go; the holder fills it in. */
    report: {
      outcome: FinishWorkspaceSaveInput["outcome"];
      details: JsonObject;
      patches: FinishWorkspaceSaveInput["integration_patches"];
    };
  };

/**
 * Longer than the checks can take, and then, extended by storing, than the pushing: deadlines end
 * both before. As short as that, because a process that dies keeps everybody else out for so long.
 */
const LEASE_SECONDS = 60;

/**
 * Runs work that changes a workspace, one at a time for each organization. The lease is given back
 * and the event written on every path; a process that dies keeps it until it runs out.
 * @throws AppError `conflict` while somebody else holds it
 */
export async function holdWorkspace<T>(
  ports: { workspace: WorkspaceStore; clock: Clock; logger: Logger },
  { orgId, userId, requestId, operation }: {
    orgId: string;
    userId: string;
    requestId: string;
    operation: FinishWorkspaceSaveInput["operation"];
  },
  work: (held: HeldWorkspace) => Promise<T>,
): Promise<T> {
  const startedAt = ports.clock();
  const identity = { org_id: orgId, user_id: userId, request_id: requestId };
  const begun = await ports.workspace.beginWorkspaceSave({
    ...identity,
    lease_seconds: LEASE_SECONDS,
  });
  if (begun.code === "busy") {
    throw new AppError(
      "conflict",
      `Cannot change the workspace of "${orgId}": another request is changing it at this moment`,
      { retryAfterSeconds: Math.min(begun.retry_after_seconds, 10) },
    );
  }

  const { fencing_token } = begun;
  const provider_calls: ProviderCall[] = [];
  const report: HeldWorkspace["report"] = { outcome: "failed", details: {}, patches: [] };
  try {
    return await work({ ...begun, report, record: (call) => provider_calls.push(call) });
  } catch (error) {
    report.outcome = error instanceof AppError && error.status < 500 ? "refused" : "failed";
    report.details.error = error instanceof AppError ? error.message : "unexpected error";
    throw error;
  } finally {
    await finish();
  }

  async function finish(): Promise<void> {
    try {
      const finished = await ports.workspace.finishWorkspaceSave({
        ...identity,
        fencing_token,
        operation,
        outcome: report.outcome,
        duration_ms: Math.round(ports.clock() - startedAt),
        details: report.details,
        integration_patches: report.patches,
        provider_calls,
      });
      if (finished.code === "lease_lost") {
        ports.logger.warn("Workspace lease was lost while it was held");
      }
    } catch (error) {
      // What was done stays done and its answer true; the lease runs out by itself.
      ports.logger.error("Workspace operation not recorded", { operation, error });
    }
  }
}
