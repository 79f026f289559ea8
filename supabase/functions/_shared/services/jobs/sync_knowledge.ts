import { AppError } from "../../errors.ts";
import { type KnowledgeSyncPorts, syncKnowledge } from "../sync_knowledge.ts";
import type { Job } from "./job.ts";

/**
 * Brings to Vapi what a save of documents changed, or goes on where a sync stopped. What fails is queued
 * again by its own record; a sync that somebody else is at, or an account that isn't there, is left.
 */
export const syncQueuedKnowledge: Job<KnowledgeSyncPorts> = async (
  ports,
  { org_id },
  { requestId },
) => {
  if (org_id === null) {
    throw new Error('Cannot sync a knowledge base: the job has no "org_id"');
  }
  try {
    await syncKnowledge(ports, {
      orgId: org_id,
      userId: "system",
      requestId,
      startedBy: "worker",
      toolName: null,
      assistantRoles: null,
    });
  } catch (error) {
    if (!(error instanceof AppError && ["conflict", "not_connected"].includes(error.code))) {
      throw error;
    }
  }
};
