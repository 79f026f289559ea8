import * as z from "zod";
import type { MetricAggregation } from "../../ports_metrics.ts";
import type { Database } from "./create_database.ts";

const aggregated = z.object({
  code: z.literal("aggregated"),
  counted_until: z.string(),
  more: z.boolean(),
});

export function createMetricAggregation(database: Database): MetricAggregation {
  return {
    aggregateMetrics: () =>
      database.callFunction("aggregate_metrics", {}, aggregated, { idempotent: true }),
  };
}
