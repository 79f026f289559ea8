import type { MetricStore } from "../ports_metrics.ts";
import { type MetricsReader, requireOwnMetrics } from "./require_own_metrics.ts";

/** What one organization used in one month (`YYYY-MM`, UTC), in US dollars. */
export type MonthlyCost = {
  orgId: string;
  name: string;
  month: string;
  turns: number;
  messages: number;
  inputTokens: number;
  outputTokens: number;
  languageModelUsd: number;
  calls: number;
  callMinutes: number;
  callsUsd: number;
  totalUsd: number;
};

/**
 * What was used, by organization and month. `after`: the organization behind which the next page
 * begins; null behind the last page.
 * @param months `YYYY-MM`, the last one included
 * @throws AppError `forbidden`
 */
export async function readCosts(
  { metrics }: { metrics: Pick<MetricStore, "readCosts"> },
  { orgId, userId, months, limit, after }: MetricsReader & {
    months: { from: string; to: string };
    limit: number;
    after: string | null;
  },
): Promise<{ costs: MonthlyCost[]; after: string | null }> {
  const read = requireOwnMetrics(
    await metrics.readCosts({
      org_id: orgId,
      user_id: userId,
      from_month: `${months.from}-01`,
      to_month: `${months.to}-01`,
      limit,
      ...(after === null ? {} : { after }),
    }),
    "the costs",
  );
  const costs = read.costs.map((row) => ({
    orgId: row.org_id,
    name: row.name,
    month: row.month,
    turns: row.turns,
    messages: row.messages,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    languageModelUsd: row.language_model_usd,
    calls: row.calls,
    callMinutes: Math.round(row.call_seconds / 6) / 10,
    callsUsd: row.calls_usd,
    // Of sums that are exact to a millionth.
    totalUsd: Math.round((row.language_model_usd + row.calls_usd) * 1e6) / 1e6,
  }));
  return { costs, after: read.last_org_id };
}
