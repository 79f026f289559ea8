/** What metrics are kept in and read from; `ports.ts` has the rest. Moments are ISO. */

import type { JsonObject } from "./ports.ts";

export type MetricAggregation = {
  /**
   * Counts a stretch of minutes, and again what may have come late; the same minutes twice give the
   * same. `more`: it isn't up to now yet.
   */
  aggregateMetrics(): Promise<{ counted_until: string; more: boolean }>;
};

/** An owner asks for the own organization; `user_id` null is the service itself, `org_id` null everybody. */
export type MetricReader = { org_id: string | null; user_id: string | null };

/** Sums over one window. */
export type MetricTotal = {
  metric: string;
  label: string;
  succeeded: number;
  failed: number;
  value_total: number;
  duration_ms_total: number;
  /** Empty, or one for each bound and one for what is beyond the last. */
  duration_counts: number[];
};

export type MetricsRead = {
  generated_at: string;
  counted_until: string;
  measured_at: string | null;
  /** Upper bounds of the buckets in milliseconds, included. */
  bounds: number[];
  windows: { window: string; metrics: MetricTotal[] }[];
  gauges: { gauge: string; label: string; value: number }[];
};

export type ServiceLevelRead = {
  name: string;
  description: string;
  metric: string;
  label: string | null;
  /** The share that must be good, 0 to 1. */
  objective: number;
  /** Null where good is what succeeded. */
  threshold_ms: number | null;
  budget_days: number;
  budget: { good: number; total: number };
  windows: { window: string; good: number; total: number }[];
};

export type ServiceLevelsRead = {
  generated_at: string;
  counted_until: string;
  levels: ServiceLevelRead[];
  beside: { window: string; complaints: number; satisfied: number; dissatisfied: number }[];
};

export type EventSource = "agents" | "operations";

export type EventRow = {
  id: string;
  source: EventSource;
  org_id: string | null;
  type: string;
  outcome: string;
  agent: string | null;
  contact_id: string | null;
  request_id: string | null;
  duration_ms: number | null;
  response_ms: number | null;
  error: string | null;
  details: JsonObject;
  created_at: string;
};

export type EventFilter = {
  source?: EventSource | undefined;
  type?: string | undefined;
  outcome?: string | undefined;
  agent?: string | undefined;
  contact_id?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

/** One organization's month, `YYYY-MM` in UTC. */
export type CostRow = {
  org_id: string;
  name: string;
  month: string;
  turns: number;
  messages: number;
  input_tokens: number;
  output_tokens: number;
  language_model_usd: number;
  calls: number;
  call_seconds: number;
  calls_usd: number;
};

type Forbidden = { code: "forbidden" };

export type MetricStore = {
  readMetrics(input: MetricReader): Promise<{ code: "read" } & MetricsRead | Forbidden>;
  readServiceLevels(input: MetricReader): Promise<{ code: "read" } & ServiceLevelsRead | Forbidden>;
  /** The newest first; `before` and `before_id` are of the last event of the page before. */
  /** `next`: where the next page begins. A page may have less than its limit, and more behind it. */
  listEvents(
    input: MetricReader & EventFilter & { limit: number; before?: string; before_id?: string },
  ): Promise<
    { code: "listed"; events: EventRow[]; next: { at: string; id: string } | null } | Forbidden
  >;
  /** Months are their first days; `limit` is of organizations, `after` the last one of the page before. */
  readCosts(
    input: MetricReader & { from_month: string; to_month: string; limit: number; after?: string },
  ): Promise<{ code: "read"; costs: CostRow[]; last_org_id: string | null } | Forbidden>;
};
