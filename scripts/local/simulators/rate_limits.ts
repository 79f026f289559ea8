export type RateLimit = { limit: number; windowMilliseconds: number; retryAfterSeconds: number };

/** Fixed windows per account; switched on by the control route `settings`. */
export function createRateLimits() {
  const limits = new Map<string, RateLimit>();
  const windows = new Map<string, { startedAt: number; taken: number }>();

  return {
    set(account: string, limit: RateLimit | null): void {
      windows.delete(account);
      if (limit === null) limits.delete(account);
      else limits.set(account, limit);
    },
    /** Seconds to wait when the account is over its limit, else null. */
    take(account: string | null): number | null {
      const limit = account === null ? undefined : limits.get(account);
      if (account === null || limit === undefined) return null;
      const now = performance.now();
      const current = windows.get(account);
      const fresh = current === undefined || now - current.startedAt >= limit.windowMilliseconds;
      const window = fresh ? { startedAt: now, taken: 0 } : current;
      windows.set(account, window);
      if (window.taken >= limit.limit) return limit.retryAfterSeconds;
      window.taken += 1;
      return null;
    },
  };
}

export type RateLimits = ReturnType<typeof createRateLimits>;
