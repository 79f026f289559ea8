import { scrubDetails } from "../../domain/alerts/scrub_details.ts";
import { scrubText } from "../../domain/alerts/scrub_text.ts";
import type { AlertDelivery, AlertSeverity } from "../../ports_alerts.ts";

/** What of an event of Sentry's is ours. https://develop.sentry.dev/sdk/data-model/event-payloads/ */
export type SentryEvent = {
  event_id: string;
  /** Seconds. */
  timestamp: number;
  level: "fatal" | "error" | "warning" | "info";
  message: string;
  logger: string;
  fingerprint: string[];
  tags: Record<string, string>;
  extra: Record<string, string | number | boolean>;
};

const LEVELS = {
  critical: "error",
  warning: "warning",
  info: "info",
} as const satisfies Record<AlertSeverity, SentryEvent["level"]>;

/** An alert as an event: no secret, nothing that anybody said, no telephone number. */
export function describeEvent(
  { id, event, alert }: AlertDelivery,
  redact: (text: string) => string,
): SentryEvent {
  const clean = (text: string) => redact(scrubText(text));
  const details = Object.entries(scrubDetails(alert.details)).map(([name, value]) =>
    [name, typeof value === "string" ? clean(value) : value] as const
  );
  const moment = event === "resolved" ? alert.resolved_at ?? alert.raised_at : alert.raised_at;
  return {
    event_id: id.replaceAll("-", ""),
    timestamp: Date.parse(moment) / 1_000,
    level: event === "resolved" ? "info" : LEVELS[alert.severity],
    message: `${event === "resolved" ? "Resolved: " : ""}${alert.rule}: ${clean(alert.message)}`,
    logger: "switchboard.alerts",
    fingerprint: ["alert", alert.rule, alert.org_id ?? "all", clean(alert.dedupe_key), event],
    tags: {
      rule: alert.rule,
      severity: alert.severity,
      event,
      alert_id: alert.id,
      ...(alert.org_id === null ? {} : { org_id: alert.org_id }),
    },
    extra: Object.fromEntries(details),
  };
}
