import type { Clock, Logger } from "../../ports.ts";
import type { AlertEvaluation } from "../../ports_alerts.ts";
import type { Job } from "./job.ts";

/** What is left is looked at by the next minute's run, so that the job stays inside its lease. */
const BUDGET_MILLISECONDS = 40_000;

type Ports = { alerts: AlertEvaluation; clock: Clock; logger: Logger };

/**
 * Looks at every alert rule once, by a call each: whatever becomes of one, the others are looked at. One
 * that gives no answer is told of by the next minute's beginning, as one that can't be looked at is: done
 * anew at once, this would count everything that the others found twice.
 * @throws whatever the last call threw, where not one was answered
 */
export const evaluateAlerts: Job<Ports> = async ({ alerts, clock, logger }) => {
  const startedAt = clock();
  const { rules, ...begun } = await alerts.beginAlertEvaluation();
  const counts = { rules: 0, raised: 0, resolved: begun.resolved };
  const failed: string[] = [];
  const unanswered: unknown[] = [];
  let answered = 0;
  for (const rule of rules) {
    if (clock() - startedAt >= BUDGET_MILLISECONDS) break;
    const judged = await alerts.evaluateAlertRule({ rule }).catch((error: unknown) => {
      unanswered.push(error);
      return null;
    });
    if (judged !== null) answered += 1;
    if (judged === null || (judged.code === "evaluated" && judged.failed)) failed.push(rule);
    if (judged?.code !== "evaluated" || judged.failed) continue;
    counts.rules += 1;
    counts.raised += judged.raised;
    counts.resolved += judged.resolved;
  }
  if (failed.length > 0) logger.error("Alert rules can't be evaluated", { rules: failed });
  logger.info("Alert rules evaluated", { ...counts, of: rules.length });
  if (answered === 0 && unanswered.length > 0) throw unanswered.at(-1);
};
