import type { Hono } from "hono";
import * as z from "zod";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { nextCursor, pageCursor, pageLimit } from "../_shared/http/page_cursor.ts";
import { ALERT_SEVERITIES, ALERT_STATES, type AlertStore } from "../_shared/ports_alerts.ts";
import { acknowledgeAlert } from "../_shared/services/acknowledge_alert.ts";
import { listAlerts } from "../_shared/services/list_alerts.ts";
import { readId } from "./answer.ts";
import { identifyReader, ofOrganization, type ReaderDependencies } from "./identify_reader.ts";

export type AlertDependencies = ReaderDependencies & { alerts: AlertStore };

const alertsQuery = ofOrganization.extend({
  state: z.enum(["open", ...ALERT_STATES]).optional(),
  severity: z.enum(ALERT_SEVERITIES).optional(),
  rule: z.string().regex(/^[a-z][a-z0-9_]{0,99}$/, "must be lower-case words").optional(),
  limit: pageLimit.default(50),
  cursor: pageCursor.optional(),
});

/**
 * `GET /alerts` and `POST /alerts/:id/ack`, for operators with a secret key, and for an organization's
 * owners of their own.
 */
export function addAlertRoutes(app: Hono<AppEnvironment>, options: AlertDependencies): void {
  app.get("/alerts", async (context) => {
    const { query, ...reader } = await identifyReader(context, options, {
      operation: "read_alerts",
      query: alertsQuery,
    });
    const { limit, cursor = null, org_id: _named, ...filter } = query;
    const alerts = await listAlerts(options, { ...reader, filter, limit, before: cursor });
    const next = nextCursor(alerts, {
      limit,
      cursorOf: (last) => ({ at: last.raisedAt, id: last.id }),
    });
    return context.json({ alerts, nextCursor: next, requestId: context.var.requestId });
  });

  // Said twice it is what it was: no idempotency key is needed.
  app.post("/alerts/:id/ack", async (context) => {
    const { query: _, ...reader } = await identifyReader(context, options, {
      operation: "acknowledge_alert",
      query: ofOrganization,
    });
    const { requestId } = context.var;
    const alert = await acknowledgeAlert(options, { ...reader, id: readId(context), requestId });
    return context.json({ success: true, alert, requestId });
  });
}
