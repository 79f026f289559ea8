import * as z from "zod";
import type { MetricStore } from "../../ports_metrics.ts";
import type { Database } from "./create_database.ts";
import { forbidden } from "./hand_over_store.ts";

const text = z.string().nullable();
const count = z.number();
const goodOfTotal = z.object({ good: count, total: count });

const metrics = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("read"),
    generated_at: z.string(),
    counted_until: z.string(),
    measured_at: text,
    bounds: z.array(z.number()),
    windows: z.array(z.object({
      window: z.string(),
      metrics: z.array(z.object({
        metric: z.string(),
        label: z.string(),
        succeeded: count,
        failed: count,
        value_total: z.number(),
        duration_ms_total: z.number(),
        duration_counts: z.array(count),
      })),
    })),
    gauges: z.array(z.object({ gauge: z.string(), label: z.string(), value: z.number() })),
  }),
  forbidden,
]);

const serviceLevels = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("read"),
    generated_at: z.string(),
    counted_until: z.string(),
    levels: z.array(z.object({
      name: z.string(),
      description: z.string(),
      metric: z.string(),
      label: text,
      objective: z.number(),
      threshold_ms: z.number().nullable(),
      budget_days: z.number(),
      budget: goodOfTotal,
      windows: z.array(goodOfTotal.extend({ window: z.string() })),
    })),
    beside: z.array(z.object({
      window: z.string(),
      complaints: count,
      satisfied: count,
      dissatisfied: count,
    })),
  }),
  forbidden,
]);

const events = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("listed"),
    events: z.array(z.object({
      id: z.string(),
      source: z.enum(["agents", "operations"]),
      org_id: text,
      type: z.string(),
      outcome: z.string(),
      agent: text,
      contact_id: text,
      request_id: text,
      duration_ms: z.number().nullable(),
      response_ms: z.number().nullable(),
      error: text,
      details: z.record(z.string(), z.json()),
      created_at: z.string(),
    })),
    next: z.object({ at: z.string(), id: z.string() }).nullable(),
  }),
  forbidden,
]);

const costs = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("read"),
    costs: z.array(z.object({
      org_id: z.string(),
      name: z.string(),
      month: z.string(),
      turns: count,
      messages: count,
      input_tokens: count,
      output_tokens: count,
      language_model_usd: z.number(),
      calls: count,
      call_seconds: z.number(),
      calls_usd: z.number(),
    })),
    last_org_id: text,
  }),
  forbidden,
]);

/** What was counted, and the events that it was counted from. */
export function createMetricStore(database: Database): MetricStore {
  const again = { idempotent: true };
  return {
    readMetrics: (input) => database.callFunction("read_metrics", input, metrics, again),
    readServiceLevels: (input) =>
      database.callFunction("read_service_levels", input, serviceLevels, again),
    listEvents: (input) => database.callFunction("list_events", input, events, again),
    readCosts: (input) => database.callFunction("read_costs", input, costs, again),
  };
}
