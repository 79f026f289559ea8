import { AppError } from "../../errors.ts";
import { finishWorkspace, type FinishWorkspacePorts } from "../finish_workspace.ts";
import type { Job } from "./job.ts";

/**
 * Tells the providers what a save could not. While somebody else changes the workspace it is left
 * to them: should they fail as well, it is found again.
 */
export const pushQueuedWorkspace: Job<FinishWorkspacePorts> = async (
  ports,
  { org_id },
  { requestId },
) => {
  if (org_id === null) {
    throw new Error('Cannot finish a workspace: the job has no "org_id"');
  }
  try {
    await finishWorkspace(ports, { orgId: org_id, requestId });
  } catch (error) {
    if (!(error instanceof AppError && error.code === "conflict")) throw error;
  }
};
