import type { Hono } from "hono";
import * as z from "zod";
import { writePrometheus } from "../_shared/domain/metrics/write_prometheus.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { pageCursor, pageLimit, writePageCursor } from "../_shared/http/page_cursor.ts";
import type { Clock } from "../_shared/ports.ts";
import type { MetricStore } from "../_shared/ports_metrics.ts";
import { listEvents } from "../_shared/services/list_events.ts";
import { readCosts } from "../_shared/services/read_costs.ts";
import { readMetrics } from "../_shared/services/read_metrics.ts";
import { readServiceLevels } from "../_shared/services/read_service_levels.ts";
import { identifyReader, ofOrganization, type ReaderDependencies } from "./identify_reader.ts";

export type MetricDependencies = ReaderDependencies & { metrics: MetricStore; clock: Clock };

const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const name = z.string().regex(/^[a-z][a-z0-9_-]{0,99}$/, "must be lower-case words");
const moment = z.iso.datetime({ offset: true });
const month = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, "must be YYYY-MM");

const metricsQuery = ofOrganization.extend({
  format: z.enum(["json", "prometheus"]).optional(),
});
const eventsQuery = ofOrganization.extend({
  source: z.enum(["agents", "operations"]).optional(),
  type: name.optional(),
  outcome: name.optional(),
  agent: name.optional(),
  contact_id: z.guid().optional(),
  from: moment.optional(),
  to: moment.optional(),
  limit: pageLimit.default(50),
  cursor: pageCursor.optional(),
});
const costsQuery = ofOrganization.extend({
  from: month.optional(),
  to: month.optional(),
  limit: pageLimit.default(50),
  after: z.guid().optional(),
});

/**
 * `GET /metrics` (JSON, or Prometheus's text by `Accept` or `?format=`), `GET /slo`, `GET /events` and
 * `GET /costs`: for operators with a secret key, and for an organization's owners of their own.
 */
export function addMetricRoutes(app: Hono<AppEnvironment>, options: MetricDependencies): void {
  app.get("/metrics", async (context) => {
    const { query, ...reader } = await identifyReader(context, options, {
      operation: "read_metrics",
      query: metricsQuery,
    });
    const view = await readMetrics(options, reader);
    const format = query.format ?? chooseFormat(context.req.header("accept"));
    context.header("vary", "accept", { append: true });
    if (format === "prometheus") {
      return context.body(writePrometheus(view, reader), 200, { "content-type": PROMETHEUS_TYPE });
    }
    return context.json({ orgId: reader.orgId, ...view, requestId: context.var.requestId });
  });

  app.get("/slo", async (context) => {
    const reader = await identifyReader(context, options, {
      operation: "read_service_levels",
      query: ofOrganization,
    });
    const view = await readServiceLevels(options, reader);
    return context.json({ orgId: reader.orgId, ...view, requestId: context.var.requestId });
  });

  app.get("/events", async (context) => {
    const { query, ...reader } = await identifyReader(context, options, {
      operation: "read_events",
      query: eventsQuery,
    });
    const { limit, cursor = null, org_id: _named, ...filter } = query;
    const { events, next } = await listEvents(options, {
      ...reader,
      filter,
      limit,
      before: cursor,
    });
    const { requestId } = context.var;
    return context.json({ events, nextCursor: writePageCursor(next), requestId });
  });

  app.get("/costs", async (context) => {
    const { query, ...reader } = await identifyReader(context, options, {
      operation: "read_costs",
      query: costsQuery,
    });
    const thisMonth = new Date(options.clock()).toISOString().slice(0, 7);
    const to = query.to ?? thisMonth;
    const months = { from: query.from ?? to, to };
    const { costs, after } = await readCosts(options, {
      ...reader,
      months,
      limit: query.limit,
      after: query.after ?? null,
    });
    return context.json({ months, costs, after, requestId: context.var.requestId });
  });
}

/** Prometheus asks for text; whoever takes JSON gets it. */
function chooseFormat(accept = ""): "json" | "prometheus" {
  if (accept.includes("application/json")) return "json";
  return /text\/plain|application\/openmetrics-text/.test(accept) ? "prometheus" : "json";
}
