import assert from "node:assert/strict";
import fc from "fast-check";
import { parsePrometheus } from "../../../../../tests/support/parse_prometheus.ts";
import type { MetricsRead } from "../../ports_metrics.ts";
import { summarizeMetrics } from "./summarize_metrics.ts";
import { writePrometheus } from "./write_prometheus.ts";

const BOUNDS = [5, 100, 2000];
const read = (
  windows: MetricsRead["windows"],
  gauges: MetricsRead["gauges"] = [],
): MetricsRead => ({
  generated_at: "2026-11-21T10:00:30Z",
  counted_until: "2026-11-21T10:00:00Z",
  measured_at: null,
  bounds: BOUNDS,
  windows,
  gauges,
});
const total = (metric: string, label: string, more: object = {}) => ({
  metric,
  label,
  succeeded: 0,
  failed: 0,
  value_total: 0,
  duration_ms_total: 0,
  duration_counts: [],
  ...more,
});

Deno.test("whatever was counted, Prometheus can read it", () => {
  const natural = fc.nat({ max: 1_000_000 });
  const metric = fc.constantFrom(
    "turn",
    "tokens",
    "provider_call",
    "operation",
    "session",
    "novel",
  );
  const row = fc.record({
    metric,
    // As the database has it: anything.
    label: fc.oneof(fc.constant(""), fc.string({ unit: "binary" }), fc.constant('a"b\\c\nd')),
    succeeded: natural,
    failed: natural,
    value_total: fc.double({ noNaN: true, min: 0, max: 1e12 }),
    duration_ms_total: natural,
    duration_counts: fc.oneof(
      fc.constant<number[]>([]),
      fc.array(natural, { minLength: 4, maxLength: 4 }),
    ),
  });
  const rows = fc.uniqueArray(row, {
    selector: (one) => JSON.stringify([one.metric, one.label]),
    maxLength: 8,
  });
  fc.assert(fc.property(rows, rows, (some, others) => {
    const windows = [{ window: "5m", metrics: some }, { window: "7d", metrics: others }];
    parsePrometheus(writePrometheus(summarizeMetrics(read(windows)), { orgId: "o" }));
  }));
});

Deno.test("a metric is written by its label, with its quantiles in seconds", () => {
  const counts = { duration_counts: [0, 2, 0, 0], duration_ms_total: 100 };
  const text = writePrometheus(
    summarizeMetrics(read(
      [{
        window: "5m",
        metrics: [
          total("turn", "jobs", { succeeded: 2, value_total: 3, ...counts }),
          total("turn", "rides", { failed: 1 }),
          total("provider_call", "vapi", { failed: 4, value_total: 4 }),
        ],
      }],
      [{ gauge: "queue_depth", label: "jobs", value: 7 }],
    )),
    { orgId: null },
  );
  const samples = parsePrometheus(text);
  const find = (name: string, labels: Record<string, string>) =>
    samples.find((sample) =>
      sample.name === `switchboard_${name}` &&
      JSON.stringify([...sample.labels]) === JSON.stringify(Object.entries(labels))
    )?.value;
  const window = "5m";
  assert.equal(find("turns", { window, agent: "jobs", outcome: "succeeded" }), 2);
  assert.equal(find("turns", { window, agent: "rides", outcome: "failed" }), 1);
  assert.equal(find("messages", { window, agent: "jobs" }), 3);
  assert.equal(find("response_seconds", { window, quantile: "0.5" }), 0.0525);
  assert.equal(find("queue_depth", { queue: "jobs" }), 7);
  assert.equal(find("breaker_open", { provider: "vapi" }), 1);
});

Deno.test("rates and averages are of what happened", () => {
  const { windows, breakers } = summarizeMetrics(read([{
    window: "5m",
    metrics: [
      total("turn", "jobs", {
        succeeded: 1,
        failed: 1,
        duration_ms_total: 90,
        duration_counts: [0, 1, 0, 0],
      }),
      total("turn", "rides", { succeeded: 6 }),
      total("provider_call", "vapi", { succeeded: 2, duration_ms_total: 500 }),
      total("tokens", "input", { value_total: 12 }),
    ],
  }]));
  const { turn, provider_call, tokens } = windows["5m"] ?? {};
  assert.equal(turn?.errorRate, 1 / 8);
  assert.equal(turn?.averageMs, 90);
  assert.deepEqual(turn?.labels.map(({ label }) => label), ["rides", "jobs"]);
  assert.equal(provider_call?.averageMs, 250);
  assert.equal(provider_call?.p95Ms, null);
  assert.deepEqual([tokens?.value, tokens?.errorRate, tokens?.averageMs], [12, null, null]);
  assert.deepEqual(breakers, [{ provider: "vapi", state: "closed", rejectedCalls: 0 }]);
});
