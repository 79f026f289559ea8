/** Alerts: what is looked for, told and read; `ports.ts` has the rest. Moments are ISO. */

import type { JsonObject } from "./ports.ts";

export const ALERT_SEVERITIES = ["info", "warning", "critical"] as const;
export type AlertSeverity = typeof ALERT_SEVERITIES[number];
export const ALERT_STATES = ["raised", "acknowledged", "resolved"] as const;
export type AlertState = typeof ALERT_STATES[number];
export type AlertChannelName = "webhook" | "sentry";

export type AlertRow = {
  id: string;
  /** Null for what concerns no single organization. */
  org_id: string | null;
  rule: string;
  dedupe_key: string;
  severity: AlertSeverity;
  message: string;
  details: JsonObject;
  state: AlertState;
  occurrences: number;
  raised_at: string;
  last_raised_at: string;
  acknowledged_at: string | null;
  /** A user's id, or `operator`. */
  acknowledged_by: string | null;
  resolved_at: string | null;
};

/** One thing to tell on one channel; its id stays the same when it has to be told again. */
export type AlertDelivery = {
  id: string;
  channel: AlertChannelName;
  event: "raised" | "resolved";
  attempts: number;
  fencing_token: number;
  alert: Pick<
    AlertRow,
    | "id"
    | "org_id"
    | "rule"
    | "dedupe_key"
    | "severity"
    | "message"
    | "details"
    | "raised_at"
    | "resolved_at"
  >;
};

export type AlertTold =
  | { outcome: "sent" }
  /** `reason` names no address: it may hold a secret. */
  | { outcome: "failed"; reason: string; retryAfterSeconds: number | null };

/** Where alerts are told. Never throws. */
export type AlertChannel = {
  name: AlertChannelName;
  tell(delivery: AlertDelivery): Promise<AlertTold>;
};

export type AlertEvaluation = {
  /** The rules to look at, those that couldn't be looked at the last time behind the others. */
  beginAlertEvaluation(): Promise<{ rules: string[]; resolved: number }>;
  /** Looks at one rule. `failed`: it couldn't be looked at, and an alert says so. */
  evaluateAlertRule(input: { rule: string }): Promise<
    | { code: "evaluated"; raised: number; resolved: number; failed: boolean }
    | { code: "not_found" }
  >;
};

export type AlertDeliveryStore = {
  /** Queues what is to be told on these channels, and claims the oldest that is due. */
  claimAlertDeliveries(input: {
    channels: AlertChannelName[];
    limit: number;
    lease_seconds: number;
  }): Promise<AlertDelivery[]>;
  /** `held`: not tried, and no attempt spent. */
  recordAlertDelivery(input: {
    id: string;
    fencing_token: number;
    outcome: "sent" | "failed" | "held";
    error: string | null;
    retry_after_seconds: number | null;
    max_attempts: number;
  }): Promise<{ code: "recorded"; state: string } | { code: "lease_lost" }>;
};

/** `user_id` null is the service itself, `org_id` null everybody. */
export type AlertReader = { org_id: string | null; user_id: string | null };
export type AlertFilter = {
  /** `open` is every one that isn't resolved. */
  state?: AlertState | "open" | undefined;
  severity?: AlertSeverity | undefined;
  rule?: string | undefined;
};
export type AlertStore = {
  listAlerts(
    input: AlertReader & AlertFilter & { limit: number; before?: string; before_id?: string },
  ): Promise<{ code: "listed"; alerts: AlertRow[] } | { code: "forbidden" }>;
  /** Again it answers what it did the first time; `resolved` is over already. */
  acknowledgeAlert(input: AlertReader & { id: string; request_id: string }): Promise<
    | { code: "acknowledged"; alert: AlertRow }
    | { code: "resolved"; alert: AlertRow }
    | { code: "not_found" }
    | { code: "forbidden" }
  >;
};
