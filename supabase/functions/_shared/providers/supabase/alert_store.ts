import * as z from "zod";
import {
  ALERT_SEVERITIES,
  ALERT_STATES,
  type AlertRow,
  type AlertStore,
} from "../../ports_alerts.ts";
import type { Database } from "./create_database.ts";
import { forbidden, notFound } from "./hand_over_store.ts";
import { jsonObject } from "./rows.ts";

const text = z.string().nullable();
const alert: z.ZodType<AlertRow> = z.object({
  id: z.string(),
  org_id: text,
  rule: z.string(),
  dedupe_key: z.string(),
  severity: z.enum(ALERT_SEVERITIES),
  message: z.string(),
  details: jsonObject,
  state: z.enum(ALERT_STATES),
  occurrences: z.number(),
  raised_at: z.string(),
  last_raised_at: z.string(),
  acknowledged_at: text,
  acknowledged_by: text,
  resolved_at: text,
});
const listed = z.discriminatedUnion("code", [
  z.object({ code: z.literal("listed"), alerts: z.array(alert) }),
  forbidden,
]);
const acknowledged = z.discriminatedUnion("code", [
  z.object({ code: z.literal("acknowledged"), alert }),
  z.object({ code: z.literal("resolved"), alert }),
  notFound,
  forbidden,
]);

/** What people see of alerts. */
export function createAlertStore(database: Database): AlertStore {
  const again = { idempotent: true };
  return {
    listAlerts: (input) => database.callFunction("list_alerts", input, listed, again),
    acknowledgeAlert: (input) =>
      database.callFunction("acknowledge_alert", input, acknowledged, again),
  };
}
