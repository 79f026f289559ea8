import * as z from "zod";
import { AppError } from "../../errors.ts";
import { AGENT_ROLES } from "../../ports.ts";
import { rebindNumber, type RebindPorts } from "../rebind_number.ts";
import { syncAgent } from "../sync_agent.ts";
import type { Job } from "./job.ts";

const payloadSchema = z.object({
  role: z.enum(AGENT_ROLES),
  /** Only the number: it doesn't go where the agent's state says. Its sync is another job. */
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
  const identity = { orgId: org_id, userId: "system", requestId };
  if (rebind) {
    await rebindNumber(ports, identity);
    return;
  }
  const result = await syncAgent(ports, { orgId: org_id, role, requestId });
  // Should it fail, the worker finds the number by what it is bound to.
  if (result.rebind) await rebindNumber(ports, identity);
  if (result.status === "failed") {
    throw new AppError("provider_failed", result.error ?? `Cannot sync the agent "${role}"`);
  }
};
