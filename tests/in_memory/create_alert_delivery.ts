import type { AlertDelivery } from "../../supabase/functions/_shared/ports_alerts.ts";

/** Something to tell, as a claim hands it out. */
export function createAlertDelivery(
  changes: Partial<Omit<AlertDelivery, "alert">> & { alert?: Partial<AlertDelivery["alert"]> } = {},
): AlertDelivery {
  const { alert = {}, ...others } = changes;
  return {
    id: "dddddddd-0000-4000-8000-000000000001",
    channel: "webhook",
    event: "raised",
    attempts: 1,
    fencing_token: 7,
    ...others,
    alert: {
      id: "aaaaaaaa-0000-4000-8000-000000000001",
      org_id: null,
      rule: "queue_waits",
      dedupe_key: "jobs",
      severity: "critical",
      message: 'Queue "jobs" stands',
      details: {},
      raised_at: "2026-11-21T10:00:00.000Z",
      resolved_at: null,
      ...alert,
    },
  };
}
