import type { ServiceLevelRead, ServiceLevelsRead } from "../../ports_metrics.ts";

type Counted = { good: number; total: number };

export type ServiceLevelView = {
  name: string;
  description: string;
  objective: number;
  thresholdMs: number | null;
  /** By the longest window; null where nothing happened. */
  met: boolean | null;
  /**
   * How many times as fast as allowed the error budget is used: 1 uses it up exactly. Null where
   * nothing happened.
   */
  windows: {
    [window: string]: Counted & { share: number | null; burnRate: number | null };
  };
  /** `remaining`: of the bad ones that the objective allows, 1 is all left, below 0 overspent. */
  budget: Counted & { days: number; allowed: number; spent: number; remaining: number };
};

export type ServiceLevelsView = {
  generatedAt: string;
  countedUntil: string;
  levels: ServiceLevelView[];
  complaints: { [window: string]: number };
  /** `share`: of the answers, 0 to 1; null without any. */
  satisfaction: {
    [window: string]: { satisfied: number; dissatisfied: number; share: number | null };
  };
};

/** What was counted held against what is promised. */
export function judgeServiceLevels(read: ServiceLevelsRead): ServiceLevelsView {
  return {
    generatedAt: read.generated_at,
    countedUntil: read.counted_until,
    levels: read.levels.map(judge),
    complaints: Object.fromEntries(read.beside.map((row) => [row.window, row.complaints])),
    satisfaction: Object.fromEntries(
      read.beside.map(({ window, satisfied, dissatisfied }) => [window, {
        satisfied,
        dissatisfied,
        share: share({ good: satisfied, total: satisfied + dissatisfied }),
      }]),
    ),
  };
}

function judge(level: ServiceLevelRead): ServiceLevelView {
  const { objective, budget } = level;
  const longest = share(level.windows.at(-1) ?? { good: 0, total: 0 });
  const allowed = budget.total * (1 - objective);
  const spent = budget.total - budget.good;
  return {
    name: level.name,
    description: level.description,
    objective,
    thresholdMs: level.threshold_ms,
    met: longest === null ? null : longest >= objective,
    windows: Object.fromEntries(
      level.windows.map(({ window, good, total }) => [window, {
        good,
        total,
        share: share({ good, total }),
        burnRate: total === 0 ? null : (1 - good / total) / (1 - objective),
      }]),
    ),
    budget: {
      ...budget,
      days: level.budget_days,
      allowed,
      spent,
      remaining: allowed === 0 ? 1 : 1 - spent / allowed,
    },
  };
}

function share({ good, total }: Counted): number | null {
  return total === 0 ? null : good / total;
}
