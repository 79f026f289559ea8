import type { JsonObject } from "../ports.ts";
import type {
  AlertFilter,
  AlertRow,
  AlertSeverity,
  AlertState,
  AlertStore,
} from "../ports_alerts.ts";
import { type MetricsReader, requireOwnMetrics } from "./require_own_metrics.ts";

export type AlertView = {
  id: string;
  orgId: string | null;
  rule: string;
  key: string;
  severity: AlertSeverity;
  message: string;
  details: JsonObject;
  state: AlertState;
  occurrences: number;
  raisedAt: string;
  lastRaisedAt: string;
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
  resolvedAt: string | null;
};

/**
 * Alerts, the newest first: an owner's of the own organization, an operator's of all.
 * @throws AppError `forbidden`
 */
export async function listAlerts(
  { alerts }: { alerts: Pick<AlertStore, "listAlerts"> },
  { orgId, userId, filter, limit, before }: MetricsReader & {
    filter: AlertFilter;
    limit: number;
    before: { at: string; id: string } | null;
  },
): Promise<AlertView[]> {
  const read = await alerts.listAlerts({
    ...filter,
    org_id: orgId,
    user_id: userId,
    limit,
    ...(before === null ? {} : { before: before.at, before_id: before.id }),
  });
  return requireOwnMetrics(read, "the alerts").alerts.map(viewAlert);
}

export function viewAlert(row: AlertRow): AlertView {
  return {
    id: row.id,
    orgId: row.org_id,
    rule: row.rule,
    key: row.dedupe_key,
    severity: row.severity,
    message: row.message,
    details: row.details,
    state: row.state,
    occurrences: row.occurrences,
    raisedAt: row.raised_at,
    lastRaisedAt: row.last_raised_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    resolvedAt: row.resolved_at,
  };
}
