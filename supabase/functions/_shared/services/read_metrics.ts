import { type MetricsView, summarizeMetrics } from "../domain/metrics/summarize_metrics.ts";
import type { MetricStore } from "../ports_metrics.ts";
import { type MetricsReader, requireOwnMetrics } from "./require_own_metrics.ts";

/**
 * What happened in the last minutes, hour, day and week, and what is so now.
 * @throws AppError `forbidden`
 */
export async function readMetrics(
  { metrics }: { metrics: Pick<MetricStore, "readMetrics"> },
  { orgId, userId }: MetricsReader,
): Promise<MetricsView> {
  const read = await metrics.readMetrics({ org_id: orgId, user_id: userId });
  return summarizeMetrics(requireOwnMetrics(read, "the metrics"));
}
