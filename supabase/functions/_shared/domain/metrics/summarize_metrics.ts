import type { MetricsRead, MetricTotal } from "../../ports_metrics.ts";
import { findQuantile } from "./find_quantile.ts";

/** One metric, or one label of it, over a window. Nulls are of what didn't happen. */
export type MetricSummary = {
  succeeded: number;
  failed: number;
  /** Failed among all, 0 to 1. */
  errorRate: number | null;
  /** What the metric adds up: tokens, US dollars, seconds of calls, calls that a breaker rejected. */
  value: number;
  averageMs: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
};

/** `labels`: by agent, provider, operation…, the busiest first; empty for a metric without labels. */
export type MetricView = MetricSummary & { labels: ({ label: string } & MetricSummary)[] };

export type MetricsView = {
  generatedAt: string;
  countedUntil: string;
  measuredAt: string | null;
  windows: { [window: string]: { [metric: string]: MetricView } };
  /** Open where calls were rejected in the shortest window. */
  breakers: { provider: string; state: "open" | "closed"; rejectedCalls: number }[];
  gauges: { gauge: string; label: string; value: number }[];
};

/** Rates and percentiles of what was counted, by window and metric. */
export function summarizeMetrics(read: MetricsRead): MetricsView {
  const { bounds, gauges } = read;
  const windows: MetricsView["windows"] = {};
  for (const { window, metrics } of read.windows) {
    const byMetric = Map.groupBy(metrics, ({ metric }) => metric);
    windows[window] = Object.fromEntries(
      [...byMetric].map(([metric, totals]) => [metric, view(totals, bounds)]),
    );
  }
  const shortest = read.windows[0]?.metrics ?? [];
  return {
    generatedAt: read.generated_at,
    countedUntil: read.counted_until,
    measuredAt: read.measured_at,
    windows,
    breakers: shortest.filter(({ metric }) => metric === "provider_call").map((total) => ({
      provider: total.label,
      state: total.value_total > 0 ? "open" as const : "closed" as const,
      rejectedCalls: total.value_total,
    })),
    gauges,
  };
}

function view(totals: readonly MetricTotal[], bounds: readonly number[]): MetricView {
  const parts = totals.every(({ label }) => label === "") ? [] : totals;
  const labels = parts
    .map((total) => ({ label: total.label, ...summarize([total], bounds) }))
    .sort((one, other) => traffic(other) - traffic(one));
  return { ...summarize(totals, bounds), labels };
}

const traffic = ({ succeeded, failed, value }: MetricSummary) => succeeded + failed || value;

function summarize(totals: readonly MetricTotal[], bounds: readonly number[]): MetricSummary {
  const add = (pick: (total: MetricTotal) => number) =>
    totals.reduce((sum, total) => sum + pick(total), 0);
  const succeeded = add((total) => total.succeeded);
  const failed = add((total) => total.failed);
  const milliseconds = add((total) => total.duration_ms_total);
  const counts = Array.from(
    { length: Math.max(0, ...totals.map((total) => total.duration_counts.length)) },
    (_, place) => add((total) => total.duration_counts[place] ?? 0),
  );
  // Some metrics know how long all of it took together, and nothing of each.
  const timed = counts.reduce((sum, size) => sum + size, 0) || succeeded + failed;
  const quantile = (share: number) => round(findQuantile(counts, bounds, share));
  return {
    succeeded,
    failed,
    errorRate: succeeded + failed === 0 ? null : failed / (succeeded + failed),
    value: add((total) => total.value_total),
    averageMs: milliseconds === 0 || timed === 0 ? null : round(milliseconds / timed),
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
  };
}

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
