import { type DeliverAlertPorts, deliverAlerts } from "../deliver_alerts.ts";
import type { Job } from "./job.ts";

/** Tells alerts where a channel is configured. */
export const deliverAlertsJob: Job<DeliverAlertPorts> = async (ports) => {
  ports.logger.info("Alerts told", await deliverAlerts(ports));
};
