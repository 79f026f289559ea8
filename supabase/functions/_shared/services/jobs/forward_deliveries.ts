import type { Logger } from "../../ports.ts";
import { forwardDeliveries, type ForwardPorts } from "../forward_deliveries.ts";
import type { Job } from "./job.ts";

/** Shorter than the job's own lease. */
const BUDGET_MILLISECONDS = 45_000;

/** Forwards what no function has forwarded, or couldn't. */
export const forwardWaiting: Job<{ forwarding: Omit<ForwardPorts, "logger">; logger: Logger }> =
  async ({ forwarding, logger }) => {
    await forwardDeliveries({ ...forwarding, logger }, { budgetMilliseconds: BUDGET_MILLISECONDS });
  };
