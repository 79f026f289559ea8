import type { Baseline } from "../journal.ts";
import type { OpenAlert, ServiceLevels } from "../ops/create_ops.ts";

/**
 * A budget of 30 days used up in two: the page-now threshold of Google's SRE workbook (14.4 in an
 * hour), of five minutes only where enough happened in them.
 */
const CLEAR_BURN_RATE = 14.4;
const MINIMUM_EVENTS = 20;

export type Reading = {
  levels: ServiceLevels;
  alerts: OpenAlert[];
  /** Functions that didn't answer that they are ready, twice in a row. */
  down: string[];
};

/**
 * What is clearly worse than before the release, one sentence each: empty while there is nothing.
 * A level must burn its budget fast and at least twice as fast as before it.
 */
export function judgeReading(
  { levels, alerts, down }: Reading,
  baseline: Baseline | null,
): string[] {
  const breaches = down.map((slug) => `"${slug}" is not ready`);
  for (const { name, objective, windows } of levels) {
    const [window, now] = Object.entries(windows)[0] ?? [];
    if (window === undefined || now === undefined || now.burnRate === null) continue;
    const worst = Math.max(
      0,
      ...Object.values(baseline?.levels ?? {}).map((level) => level[name]?.burnRate ?? 0),
    );
    // An objective of 95 % can't be burnt faster than 20 times.
    const limit = Math.min(CLEAR_BURN_RATE, 0.5 / (1 - objective));
    if (now.total < MINIMUM_EVENTS || now.burnRate < limit || now.burnRate < 2 * worst) continue;
    breaches.push(
      `${name}: ${now.total - now.good} of ${now.total} bad in ${window}, ` +
        `${now.burnRate.toFixed(1)} times what ${objective * 100} % allow`,
    );
  }
  const known = new Set(baseline?.openAlerts ?? []);
  for (const { id, rule, severity } of alerts) {
    if (severity === "critical" && !known.has(id)) breaches.push(`alert "${rule}" is raised`);
  }
  return breaches;
}
