import type { Logger } from "../../ports.ts";
import type { AlertEvaluation } from "../../ports_alerts.ts";
import type { Job } from "./job.ts";

/** Looks at every alert rule once. */
export const evaluateAlerts: Job<{ alerts: AlertEvaluation; logger: Logger }> = async (
  { alerts, logger },
) => {
  const { failed, ...counts } = await alerts.evaluateAlerts();
  if (failed.length > 0) logger.error("Alert rules can't be evaluated", { rules: failed });
  logger.info("Alert rules evaluated", counts);
};
