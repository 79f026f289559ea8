import type { CallSettings } from "../../ports_calls.ts";
import { describeOpening, type Opening } from "../business_hours/describe_opening.ts";
import { parseBusinessHours } from "../business_hours/parse_business_hours.ts";

export type TransferDecision =
  | { possible: true; number: string }
  | { possible: false; reason: "no_number" }
  | { possible: false; reason: "closed"; opens: NonNullable<Opening["opens"]> };

/**
 * Whether a caller can be put through to a person at this moment. Without opening hours somebody is
 * taken to be there: an organization that gave a number wants it used.
 */
export function decideTransfer(
  settings: Pick<CallSettings, "transfer_number" | "business_hours" | "time_zone">,
  at: number,
): TransferDecision {
  if (settings.transfer_number === null) return { possible: false, reason: "no_number" };
  const week = parseBusinessHours(settings.business_hours);
  if (week !== null) {
    const { opens } = describeOpening(week, { timeZone: settings.time_zone, at });
    if (opens !== null) return { possible: false, reason: "closed", opens };
  }
  return { possible: true, number: settings.transfer_number };
}
