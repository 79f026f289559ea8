/** Made calls are in Vapi's list at once; this long after the intent no request is still on its way. */
export const SETTLED_MILLISECONDS = 2 * 60_000;

export type LookedUp =
  | { kind: "found"; vapi_call_id: string }
  /** `complete`: the list had all calls since the intent. */
  | { kind: "absent"; complete: boolean }
  /** Nobody can look: another account is connected by now, or none. */
  | { kind: "elsewhere" }
  | { kind: "failed" };

export type LookupPlan =
  | { step: "placed"; vapi_call_id: string }
  /** `until`: milliseconds since 1970; null after a backoff. */
  | { step: "look_again"; until: number | null }
  /** It was certainly not made: it may be tried again. */
  | { step: "try_again" }
  | { step: "unknown"; reason: "account_changed" | "too_many_calls" };

/**
 * What follows from looking for a call whose making was intended and never recorded. Only a whole list,
 * read when nothing can be on its way any more, says that there was none; what can't be decided is left
 * to a person, since to ring twice is worse than not to ring.
 */
export function planLookup(
  looked: LookedUp,
  { intended_at, now }: { intended_at: string; now: number },
): LookupPlan {
  switch (looked.kind) {
    case "found":
      return { step: "placed", vapi_call_id: looked.vapi_call_id };
    case "elsewhere":
      return { step: "unknown", reason: "account_changed" };
    case "failed":
      return { step: "look_again", until: null };
    case "absent": {
      if (!looked.complete) return { step: "unknown", reason: "too_many_calls" };
      const settled = Date.parse(intended_at) + SETTLED_MILLISECONDS;
      return now < settled ? { step: "look_again", until: settled } : { step: "try_again" };
    }
  }
}
