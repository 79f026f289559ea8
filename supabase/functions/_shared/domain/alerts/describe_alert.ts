import type { AlertDelivery } from "../../ports_alerts.ts";
import { scrubText } from "./scrub_text.ts";

const LONGEST_MESSAGE = 1_000;

/**
 * An alert as one line for people, without telephone numbers. `&`, `<` and `>` are written as Slack wants
 * them, so that no text can address a channel. https://api.slack.com/reference/surfaces/formatting
 */
export function describeAlert({ event, alert }: AlertDelivery): string {
  const message = scrubText(alert.message).slice(0, LONGEST_MESSAGE);
  const whose = alert.org_id === null ? "all organizations" : `organization ${alert.org_id}`;
  const begin = event === "resolved" ? "Resolved: " : "";
  return `${begin}[${alert.severity}] ${alert.rule}: ${message} (${whose}, alert ${alert.id})`
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
