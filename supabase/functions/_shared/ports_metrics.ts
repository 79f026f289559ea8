/** What metrics are kept in and read from; `ports.ts` has the rest. */

export type MetricAggregation = {
  /**
   * Counts a stretch of minutes, and again what may have come late; the same minutes twice give the
   * same. `more`: it isn't up to now yet.
   */
  aggregateMetrics(): Promise<{ counted_until: string; more: boolean }>;
};
