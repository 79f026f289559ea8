import type { CallingFacts } from "../../ports_calling.ts";
import { beginCallingHours, nextMidnight } from "./begin_calling_hours.ts";
import { type CallObstacle, findCallObstacle } from "./find_call_obstacle.ts";

export type CallPlan =
  | { step: "place"; phone: string; assistantId: string; phoneNumberId: string }
  /** `until`: milliseconds since 1970. */
  | { step: "wait"; until: number; reason: "not_before" | "outside_hours" | "minutes_spent" }
  | { step: "refuse"; reason: CallObstacle };

/** When may this person be called? Decided anew every time, since anything may have changed. */
export function planCall(
  facts: CallingFacts,
  { not_before, minutes_used, now }: {
    /** ISO */
    not_before: string;
    minutes_used: number;
    /** Milliseconds since 1970. */
    now: number;
  },
): CallPlan {
  const obstacle = findCallObstacle(facts);
  if (obstacle !== null) return { step: "refuse", reason: obstacle };
  const wanted = Date.parse(not_before);
  if (wanted > now) {
    return { step: "wait", until: beginCallingHours(facts, wanted), reason: "not_before" };
  }
  if (minutes_used >= facts.daily_call_minutes) {
    return {
      step: "wait",
      until: beginCallingHours(facts, nextMidnight(facts, now)),
      reason: "minutes_spent",
    };
  }
  const begin = beginCallingHours(facts, now);
  if (begin > now) return { step: "wait", until: begin, reason: "outside_hours" };
  return {
    step: "place",
    phone: facts.phone!,
    assistantId: facts.agent!.assistant_id!,
    phoneNumberId: facts.agent!.phone_number_id!,
  };
}
