import type { Logger } from "../../ports.ts";
import type { RolloutStore } from "../../ports_rollout.ts";
import { advanceRollout } from "../advance_rollout.ts";
import type { Job } from "./job.ts";

export const advanceRolloutJob: Job<{ rollout: RolloutStore; logger: Logger }> = (ports) =>
  advanceRollout(ports);
