import * as z from "zod";
import { AppError } from "../../errors.ts";
import { AGENT_ROLES } from "../../ports.ts";
import { rebindNumber, type RebindPorts } from "../rebind_number.ts";
import { syncAgent } from "../sync_agent.ts";
import type { Job } from "./job.ts";

const payloadSchema = z.object({
  role: z.enum(AGENT_ROLES),
  /** The number passes by what the agent's state says. */
  rebind: z.boolean().default(false),
});

/**
 * Syncs an agent that is not in step. One that somebody else is syncing, or whose Vapi account was
 * disconnected meanwhile, is left to them. Where its state or its assistant changed, the number
 * follows.
 */
export const syncQueuedAgent: Job<RebindPorts> = async (
  ports,
  { org_id, payload },
  { requestId },
) => {
  const { role, rebind } = payloadSchema.parse(payload);
  if (org_id === null) {
    throw new Error('Cannot sync an agent: the job has no "org_id"');
  }
  const result = await syncAgent(ports, { orgId: org_id, role, requestId });
  if (rebind || result.rebind) {
    await rebindNumber(ports, { orgId: org_id, userId: "system", requestId });
  }
  if (result.status === "failed") {
    throw new AppError("provider_failed", result.error ?? `Cannot sync the agent "${role}"`);
  }
};
