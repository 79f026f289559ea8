import type { Baseline } from "../journal.ts";
import type { Metrics } from "../ops/create_ops.ts";
import type { Reading } from "./judge_reading.ts";

const percent = (share: number | null) => share === null ? "–" : `${(share * 100).toFixed(2)} %`;

/** The shortest window of each level beside what it was before, and the turns; quiet ones are left out. */
export function describeReading(
  { levels, alerts, down }: Reading,
  { metrics, baseline }: { metrics: Metrics; baseline: Baseline | null },
): string[] {
  const lines: string[] = [];
  for (const { name, objective, windows } of levels) {
    const [window, now] = Object.entries(windows)[0] ?? [];
    if (window === undefined || now === undefined || now.total === 0) continue;
    const before = baseline?.levels["24h"]?.[name] ?? baseline?.levels[window]?.[name];
    const was = before === undefined || before.total === 0
      ? "–"
      : percent(before.good / before.total);
    lines.push(
      `${name.padEnd(18)} ${percent(now.share).padStart(9)} of ${now.total} in ${window}, ` +
        `before ${was}, promised ${percent(objective)}`,
    );
  }
  const [window, shortest] = Object.entries(metrics)[0] ?? [];
  const turns = shortest?.["turn"];
  if (turns !== undefined) {
    lines.push(
      `${"turns".padEnd(18)} ${turns.succeeded + turns.failed} in ${window}, ` +
        `${turns.failed} failed, p95 ${turns.p95Ms ?? "–"} ms`,
    );
  }
  const fresh = alerts.filter(({ id }) => !baseline?.openAlerts.includes(id));
  lines.push(
    `${"alerts".padEnd(18)} ${alerts.length} open, ${fresh.length} since the release` +
      (fresh.length === 0 ? "" : `: ${fresh.map(({ rule }) => rule).join(", ")}`),
  );
  if (down.length > 0) lines.push(`${"not ready".padEnd(18)} ${down.join(", ")}`);
  return lines;
}
