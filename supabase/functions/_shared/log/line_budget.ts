import type { Clock } from "../ports.ts";

export type LineBudget = {
  /** `dropped` > 0: that many lines were refused since the last notice, and a notice is due now. */
  take(options: { urgent: boolean }): { allowed: boolean; dropped: number };
};

/**
 * How many lines an isolate may still write. The platform discards what exceeds 100 log events in
 * 10 seconds (any 10 seconds, so a fixed window would let twice as many through at its border);
 * this stays inside with a margin and keeps `reserve` of its lines for errors.
 */
export function createLineBudget(
  { clock, limit = 90, reserve = 25, windowMilliseconds = 10_000 }: {
    clock: Clock;
    limit?: number;
    reserve?: number;
    windowMilliseconds?: number;
  },
): LineBudget {
  const times = new Float64Array(limit);
  let first = 0;
  let length = 0;
  let latest = -Infinity;
  let dropped = 0;

  function forgetOld(now: number) {
    while (length > 0 && times[first]! <= now - windowMilliseconds) {
      first = (first + 1) % limit;
      length -= 1;
    }
  }

  function add(now: number) {
    times[(first + length) % limit] = now;
    length += 1;
  }

  return {
    take({ urgent }) {
      const now = latest = Math.max(latest, clock());
      forgetOld(now);
      if (length >= (urgent ? limit : limit - reserve)) {
        dropped += 1;
        return { allowed: false, dropped: 0 };
      }
      add(now);
      if (dropped === 0 || length >= limit - reserve) return { allowed: true, dropped: 0 };
      add(now);
      const reported = dropped;
      dropped = 0;
      return { allowed: true, dropped: reported };
    },
  };
}
