import {
  judgeServiceLevels,
  type ServiceLevelsView,
} from "../domain/metrics/judge_service_levels.ts";
import type { MetricStore } from "../ports_metrics.ts";
import { type MetricsReader, requireOwnMetrics } from "./require_own_metrics.ts";

/**
 * What is promised and what was kept of it, with complaints and satisfaction beside it.
 * @throws AppError `forbidden`
 */
export async function readServiceLevels(
  { metrics }: { metrics: Pick<MetricStore, "readServiceLevels"> },
  { orgId, userId }: MetricsReader,
): Promise<ServiceLevelsView> {
  const read = await metrics.readServiceLevels({ org_id: orgId, user_id: userId });
  return judgeServiceLevels(requireOwnMetrics(read, "the service levels"));
}
