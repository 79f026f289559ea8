import type { Clock, Logger } from "../../ports.ts";
import type { MetricAggregation } from "../../ports_metrics.ts";
import type { Job } from "./job.ts";

/** What is left is counted by the next minute's run, so that the job stays inside its lease. */
const BUDGET_MILLISECONDS = 40_000;

type Ports = { metrics: MetricAggregation; clock: Clock; logger: Logger };

/** Counts what happened since the last run, a stretch at a time. */
export const aggregateMetrics: Job<Ports> = async ({ metrics, clock, logger }) => {
  const startedAt = clock();
  let counted = await metrics.aggregateMetrics();
  while (counted.more && clock() - startedAt < BUDGET_MILLISECONDS) {
    counted = await metrics.aggregateMetrics();
  }
  logger.info("Metrics aggregated", counted);
};
