import type { MetricSummary, MetricsView } from "./summarize_metrics.ts";

type Labels = { [name: string]: string };
type Sample = { labels: Labels; value: number };
type Family = { name: string; help: string; samples: Sample[] };

/** How a metric is called outside: its families, and what its label stands for. */
const METRICS: {
  [metric: string]: { counts?: string; values?: string; seconds?: string; label?: string };
} = {
  turn: { counts: "turns", values: "messages", seconds: "response_seconds", label: "agent" },
  turn_left: { counts: "turns_left", label: "reason" },
  turn_retried: { counts: "turns_retried", label: "agent" },
  tokens: { values: "tokens", label: "direction" },
  cost_usd: { values: "cost_usd", label: "source" },
  handoff: { counts: "handoffs", seconds: "handoff_seconds", label: "agent" },
  database: { seconds: "database_seconds", label: "of" },
  workspace_save: { counts: "workspace_saves", seconds: "workspace_save_seconds" },
  agent_sync: { counts: "agent_syncs", seconds: "agent_sync_seconds" },
  knowledge_sync: { counts: "knowledge_syncs", seconds: "knowledge_sync_seconds" },
  operation: { counts: "operations", seconds: "operation_seconds", label: "operation" },
  refusal: { counts: "refusals", label: "operation" },
  provider_call: {
    counts: "provider_calls",
    values: "breaker_rejections",
    label: "provider",
  },
  inbound_routing: { counts: "inbound_routings" },
  call: { counts: "calls", values: "call_seconds", label: "direction" },
  session: { counts: "sessions" },
  hand_over: { counts: "hand_overs" },
  ticket: { counts: "tickets" },
  satisfaction: { counts: "satisfaction_answers" },
};
const GAUGE_LABELS: { [gauge: string]: string } = {
  queue_depth: "queue",
  queue_age_seconds: "queue",
  dead_letters: "source",
  open_alerts: "severity",
  agents: "state",
};
const QUANTILES = [["0.5", "p50Ms"], ["0.95", "p95Ms"], ["0.99", "p99Ms"]] as const;

/**
 * Metrics in Prometheus's text format 0.0.4. Sums over a window go up and down as it moves on, so
 * every family is a gauge.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 *
 * @param orgId becomes the label `organization`; null for all together
 */
export function writePrometheus(view: MetricsView, { orgId }: { orgId: string | null }): string {
  const families = new Map<string, Family>();
  const scope: Labels = orgId === null ? {} : { organization: orgId };
  const add = (name: string, help: string, labels: Labels, value: number) => {
    const family = families.get(name) ?? { name: `switchboard_${name}`, help, samples: [] };
    family.samples.push({ labels: { ...scope, ...labels }, value });
    families.set(name, family);
  };

  for (const [window, metrics] of Object.entries(view.windows)) {
    for (const [metric, total] of Object.entries(metrics)) {
      const { counts, values, seconds, label = "label" } = METRICS[metric] ?? { counts: metric };
      const parts: [Labels, MetricSummary][] = total.labels.length === 0
        ? [[{}, total]]
        : total.labels.map((part) => [{ [label]: part.label }, part]);
      for (const [labels, part] of parts) {
        if (counts !== undefined) {
          const help = `What happened of "${metric}" in the window, by outcome.`;
          add(counts, help, { window, ...labels, outcome: "succeeded" }, part.succeeded);
          add(counts, help, { window, ...labels, outcome: "failed" }, part.failed);
        }
        if (values !== undefined) {
          add(values, `The sum of "${metric}" in the window.`, { window, ...labels }, part.value);
        }
      }
      for (const [quantile, field] of QUANTILES) {
        const milliseconds = total[field];
        if (seconds === undefined || milliseconds === null) continue;
        const help = `How long "${metric}" took in the window, by quantile.`;
        add(seconds, help, { window, quantile }, milliseconds / 1000);
      }
    }
  }
  for (const { gauge, label, value } of view.gauges) {
    const name = GAUGE_LABELS[gauge] ?? "label";
    add(
      gauge,
      `"${gauge}" when it was last measured.`,
      label === "" ? {} : { [name]: label },
      value,
    );
  }
  for (const { provider, state } of view.breakers) {
    const help = "1 where calls to the provider were rejected by its breaker in the last minutes.";
    add("breaker_open", help, { provider }, state === "open" ? 1 : 0);
  }
  add(
    "counted_until_timestamp_seconds",
    "How far the worker has counted.",
    {},
    Date.parse(view.countedUntil) / 1000,
  );
  return [...families.values()].map(writeFamily).join("");
}

function writeFamily({ name, help, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => `${name}${writeLabels(labels)} ${value}`);
  return [
    `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
    `# TYPE ${name} gauge`,
    ...lines,
    "",
  ].join("\n");
}

function writeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escape(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
