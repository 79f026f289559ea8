import type { Backups } from "../management/schemas.ts";

/** Supabase makes one a day; two hours are for a late one. */
const MAX_AGE_HOURS = 26;

/** Of milliseconds since 1970. */
export const isRecent = (takenAt: number, now: number): boolean =>
  now - takenAt <= MAX_AGE_HOURS * 3_600_000;

/** Whether what would be lost by going back is bearable, in words. */
export function judgeBackups(
  { pointInTime, completedAt }: Backups,
  now: number,
): { isRecent: boolean; words: string } {
  if (pointInTime) return { isRecent: true, words: "point-in-time recovery is on" };
  const [latest] = completedAt;
  if (latest === undefined) return { isRecent: false, words: "there is no backup" };
  const hours = (now - Date.parse(latest)) / 3_600_000;
  const age = hours < 1 ? `${Math.round(hours * 60)} min` : `${hours.toFixed(1)} h`;
  return { isRecent: isRecent(Date.parse(latest), now), words: `the latest backup is ${age} old` };
}
