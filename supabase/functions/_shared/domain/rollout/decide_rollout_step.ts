import { binomialTail, lowerBound, upperBound } from "./binomial.ts";
import {
  governingStage,
  LEAST_SAMPLE,
  nextStage,
  type PlannedStage,
  type RolloutPlan,
} from "./parse_plan.ts";

/** What became of turns: `slow` ones took longer than the stage's maximum. */
export type TurnCounts = { turns: number; failed: number; slow: number };

export type RolloutMeasures = {
  sinceEntered: TurnCounts & { people: number };
  /** The last minutes of the stage, each window within it. */
  recent: (TurnCounts & { minutes: number })[];
};

export type RolloutState = {
  percent: number;
  /** False while the kill switch is pulled. */
  isEnabled: boolean;
  /** Milliseconds since 1970. */
  enteredAt: number;
  /** Of the last stage below this one that was good, 0 without one. */
  lastGoodPercent: number;
  /** What was measured at that stage when it was left. */
  baseline: TurnCounts | null;
  isCompleted: boolean;
  /** How far turns are counted, in milliseconds since 1970; null where nobody ever counted. */
  countedUntil: number | null;
};

export type HoldReason =
  | "switched_off"
  | "not_started"
  | "not_counted"
  | "off_plan"
  | "over_limit"
  | "worse_than_before"
  | "dwelling"
  | "too_few_turns"
  | "too_few_people"
  | "recent_failures"
  | "paused";

export type RolloutVerdict =
  | { kind: "hold"; reason: HoldReason; because: string }
  | { kind: "advance" | "roll_back"; to: number; because: string }
  | { kind: "complete"; because: string };

export type RolloutDecision = {
  verdict: RolloutVerdict;
  /** Enough was measured at this stage, and all of it within the limits: fit to be rolled back to. */
  isGood: boolean;
};

/** A p95 within its limit has at most this share of turns above it. */
const SLOW_SHARE = 0.05;
/** Asked each minute for weeks, a limit that is only just kept must not look broken even once. */
const BREACH_DOUBT = 1e-6;
/** Of being worse than the stage before: that only waits. */
const COMPARISON_DOUBT = 1e-3;
/** With many turns any difference is certain; only one of this size matters. */
const WORSE_BY = 1.5;
const RECENT_MINUTES = 60;
const HOUR = 3_600_000;
/** Turns are counted each minute: whoever is this far behind sees nothing of what happens now. */
const LONGEST_UNCOUNTED_MILLISECONDS = 3 * 60_000;

/**
 * What the guard of a rollout would do now.
 *
 * A limit is clearly broken where the exact (Clopper-Pearson) lower bound of a share lies above it, in
 * the whole stage or in one of the recent windows; a window of less than twenty turns breaks nothing.
 * That alone rolls back, paused or not. Where turns aren't counted, nothing else is concluded: no failure
 * among those counted is no proof then. A stage is advanced when it has had its time and its sample,
 * kept its limits, was fine in the last hour and is not clearly worse than the stage before.
 * What the mode makes of a verdict is up to whoever asked.
 */
export function decideRolloutStep(
  { plan, state, measures, now }: {
    plan: RolloutPlan;
    state: RolloutState;
    measures: RolloutMeasures;
    now: number;
  },
): RolloutDecision {
  const stage = governingStage(plan, state.percent);
  const { sinceEntered } = measures;
  const tooMuch = describeExcess(sinceEntered, stage);
  const isCounted = state.countedUntil !== null &&
    now - state.countedUntil <= LONGEST_UNCOUNTED_MILLISECONDS;
  const isGood = isCounted && sinceEntered.turns >= stage.minimumSample && tooMuch === null;
  const hold = (reason: HoldReason, because: string): RolloutDecision => ({
    verdict: { kind: "hold", reason, because },
    isGood: isGood && state.isEnabled && state.percent > 0,
  });

  if (!state.isEnabled) {
    return hold("switched_off", "the kill switch is pulled");
  }
  if (state.percent === 0) return hold("not_started", "nobody is inside");
  const next = nextStage(plan, state.percent);
  // A plan that was extended since goes on from here.
  if (state.isCompleted && next === null) {
    return {
      verdict: { kind: "complete", because: "the last stage was watched" },
      isGood,
    };
  }
  const breach = findBreach(measures, stage);
  if (breach !== null) {
    const to = Math.min(state.lastGoodPercent, state.percent - 1);
    return {
      verdict: { kind: "roll_back", to, because: breach },
      isGood: false,
    };
  }
  if (!isCounted) {
    const until = state.countedUntil === null ? "at all" : `since ${toTime(state.countedUntil)}`;
    return hold("not_counted", `turns were not counted ${until}`);
  }
  if (stage.percent !== state.percent) {
    return hold("off_plan", `${state.percent} % is no stage of the plan`);
  }
  if (tooMuch !== null && sinceEntered.turns >= LEAST_SAMPLE) {
    return hold("over_limit", tooMuch);
  }
  const worse = describeWorse(sinceEntered, state.baseline);
  if (worse !== null) return hold("worse_than_before", worse);
  const hours = (now - state.enteredAt) / HOUR;
  if (hours < stage.dwellHours) {
    return hold("dwelling", `${hours.toFixed(1)} of ${stage.dwellHours} hours`);
  }
  if (sinceEntered.turns < stage.minimumSample) {
    return hold(
      "too_few_turns",
      `${sinceEntered.turns} of ${stage.minimumSample} turns`,
    );
  }
  if (sinceEntered.people < stage.minimumPeople) {
    return hold(
      "too_few_people",
      `${sinceEntered.people} of ${stage.minimumPeople} people`,
    );
  }
  const lately = measures.recent
    .filter(({ minutes, turns }) => minutes <= RECENT_MINUTES && turns >= LEAST_SAMPLE)
    .map((window) => describeExcess(window, stage)).find((excess) => excess !== null);
  if (lately !== undefined) {
    return hold("recent_failures", `in the last hour ${lately}`);
  }
  const because = `${describeCounts(sinceEntered)} in ${hours.toFixed(1)} hours`;
  if (next === null) return { verdict: { kind: "complete", because }, isGood };
  if (plan.paused) return hold("paused", "the plan is paused");
  return { verdict: { kind: "advance", to: next.percent, because }, isGood };
}

function findBreach(
  measures: RolloutMeasures,
  stage: PlannedStage,
): string | null {
  const windows = [
    { ...measures.sinceEntered, span: "since the stage was entered" },
    ...measures.recent.map((window) => ({
      ...window,
      span: `in ${window.minutes} minutes`,
    })),
  ];
  for (const { turns, failed, slow, span } of windows) {
    if (turns < LEAST_SAMPLE) continue;
    const limits = [
      [failed, stage.maximumErrorRate, "failed"],
      [slow, SLOW_SHARE, `took over ${stage.maximumP95Milliseconds} ms`],
    ] as const;
    for (const [count, limit, what] of limits) {
      if (
        count / turns <= limit ||
        binomialTail(count, turns, limit) > BREACH_DOUBT
      ) continue;
      const bound = lowerBound(count, turns, BREACH_DOUBT);
      return `${count} of ${turns} turns ${what} ${span}: at least ${percentOf(bound)}, ` +
        `where ${percentOf(limit)} is the limit`;
    }
  }
  return null;
}

/** Above a limit, certain or not. */
function describeExcess(
  { turns, failed, slow }: TurnCounts,
  stage: PlannedStage,
): string | null {
  if (failed > turns * stage.maximumErrorRate) {
    return `${failed} of ${turns} turns failed, over ${percentOf(stage.maximumErrorRate)}`;
  }
  if (slow > turns * SLOW_SHARE) {
    return `${slow} of ${turns} turns took over ${stage.maximumP95Milliseconds} ms, ` +
      `over ${percentOf(SLOW_SHARE)}`;
  }
  return null;
}

function describeWorse(
  now: TurnCounts,
  before: TurnCounts | null,
): string | null {
  if (
    before === null || before.turns < LEAST_SAMPLE || now.turns < LEAST_SAMPLE
  ) return null;
  for (
    const [what, kind] of [["failed", "failed"], ["were slow", "slow"]] as const
  ) {
    // Bounds are dear, and asked for each minute.
    if (now[kind] / now.turns <= before[kind] / before.turns * WORSE_BY) {
      continue;
    }
    const known = upperBound(before[kind], before.turns, COMPARISON_DOUBT);
    if (
      lowerBound(now[kind], now.turns, COMPARISON_DOUBT) <= known * WORSE_BY
    ) continue;
    return `${now[kind]} of ${now.turns} turns ${what}, ` +
      `${before[kind]} of ${before.turns} at the stage before`;
  }
  return null;
}

function toTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function describeCounts({ turns, failed, slow }: TurnCounts): string {
  return `${turns} turns, ${failed} failed, ${slow} slow`;
}

function percentOf(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
