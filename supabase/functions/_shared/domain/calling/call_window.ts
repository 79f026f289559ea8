import { calendarDay, type Here, shiftDay } from "../entities/read_date.ts";

/** How far ahead a call may be asked for; `private.record_request` refuses what is farther. */
export const AHEAD_DAYS = 30;
/** Calling hours come round in a week: whoever wasn't called in all of it isn't waiting any more. */
const WAITING_MILLISECONDS = 10 * 86_400_000;

/** Whether a call may be asked for on that day: today, or at most thirty days ahead. */
export function isCallDay(date: string, { now, time_zone }: Here): boolean {
  const today = calendarDay(now, time_zone);
  return date >= today && date <= shiftDay(today, AHEAD_DAYS);
}

/** Whether it is too late to call somebody who asked for that moment (ISO). */
export function isTooLate(notBefore: string, now: number): boolean {
  return now - Date.parse(notBefore) > WAITING_MILLISECONDS;
}
