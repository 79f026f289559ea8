import {
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhenResult,
  isBrokenCircuitError,
  isTaskCancelledError,
  retry,
  timeout,
  TimeoutStrategy,
} from "cockatiel";
import { createBoundedMap } from "./create_bounded_map.ts";
import { wait } from "./wait.ts";

export type PolicyConfig = {
  /** How often one request is tried, the first time included. */
  attempts: number;
  attemptTimeoutMilliseconds: number;
  /** The longest first wait; it doubles with each attempt, and a wait is between half and all of it. */
  retryBaseMilliseconds: number;
  /** A provider that asks for a longer wait than this is not waited for. */
  retryAfterCapMilliseconds: number;
  /** Consecutive failures that open a circuit. */
  breakerFailures: number;
  breakerOpenMilliseconds: number;
  /** Circuits kept; the one that was used longest ago is forgotten first. */
  breakerCount: number;
};

export const DEFAULT_POLICY: PolicyConfig = {
  attempts: 3,
  attemptTimeoutMilliseconds: 10_000,
  retryBaseMilliseconds: 500,
  retryAfterCapMilliseconds: 10_000,
  breakerFailures: 5,
  breakerOpenMilliseconds: 30_000,
  breakerCount: 1_000,
};

/** What the policy has to know of an attempt's end. Attempts end with one; they do not throw. */
export type AttemptEnd = {
  /** Whether the same request may be sent again without the risk of acting twice. */
  repeatable: boolean;
  /** What the provider asked for; null when it did not. */
  retryAfterMilliseconds: number | null;
  /** Whether the provider was unable to serve; a refusal shows that it is there. */
  down: boolean;
};

export type Policy = {
  /**
   * Runs attempts until one ends well or can't be repeated.
   * @param circuit whose failures count together: one per credential, so that a tenant's failures
   *   stay its own
   * @param beforeAttempt asked before each attempt, the first included; what it throws is thrown, and no
   *   attempt is made
   * @returns the last attempt's end, or `rejected` when the circuit is open and nothing was sent
   */
  execute<End extends AttemptEnd>(
    circuit: string,
    attempt: (limit: Limit) => Promise<End>,
    options?: { signal?: AbortSignal | undefined; beforeAttempt?: BeforeAttempt | undefined },
  ): Promise<End | "rejected">;
  /** How long a rejected request should wait, at most. */
  breakerOpenMilliseconds: number;
};

export type BeforeAttempt = () => Promise<void>;

/** Runs work for at most one attempt's time. @throws DOMException `TimeoutError`, `AbortError` */
export type Limit = <Result>(work: (signal: AbortSignal) => Promise<Result>) => Promise<Result>;

/** Retry around circuit breaker around timeout, shared by every provider. */
export function createPolicy(
  config: Partial<PolicyConfig> = {},
  random: () => number = Math.random,
): Policy {
  const settings = { ...DEFAULT_POLICY, ...config };
  const breakers = createBoundedMap(settings.breakerCount, () => createBreaker(settings));
  const limiter = timeout(settings.attemptTimeoutMilliseconds, TimeoutStrategy.Aggressive);
  const retrier = retry(
    handleWhenResult((end) =>
      isAttemptEnd(end) && end.repeatable &&
      (end.retryAfterMilliseconds ?? 0) <= settings.retryAfterCapMilliseconds
    ),
    { maxAttempts: settings.attempts - 1 },
  );
  const chooseWait = (end: AttemptEnd, attempt: number) => {
    const longest = settings.retryBaseMilliseconds * 2 ** (attempt - 1);
    return end.retryAfterMilliseconds ?? longest / 2 + random() * longest / 2;
  };

  async function execute<End extends AttemptEnd>(
    circuit: string,
    attempt: (limit: Limit) => Promise<End>,
    { signal, beforeAttempt }: Parameters<Policy["execute"]>[2] = {},
  ): Promise<End | "rejected"> {
    const breaker = breakers.get(circuit);
    const limit: Limit = async (work) => {
      try {
        return await limiter.execute(({ signal: ended }) => work(ended), signal);
      } catch (error) {
        if (signal?.aborted) throw new DOMException("The caller gave up", "AbortError");
        if (!isTaskCancelledError(error)) throw error;
        throw new DOMException(
          `no answer within ${settings.attemptTimeoutMilliseconds} ms`,
          "TimeoutError",
        );
      }
    };
    let last: End | undefined;
    try {
      return await retrier.execute(async ({ attempt: count }) => {
        if (last !== undefined) {
          // Here and not as the retry's own delay, which a signal could not end.
          await wait(chooseWait(last, count), signal);
          if (signal?.aborted) return last;
        }
        // Outside the circuit: what it says is nothing about the provider.
        await beforeAttempt?.();
        return last = await breaker.execute(() => attempt(limit));
      }, signal);
    } catch (error) {
      if (isBrokenCircuitError(error)) return last ?? "rejected";
      throw error;
    }
  }
  return { execute, breakerOpenMilliseconds: settings.breakerOpenMilliseconds };
}

function createBreaker(settings: PolicyConfig) {
  return circuitBreaker(handleWhenResult((end) => isAttemptEnd(end) && end.down), {
    halfOpenAfter: settings.breakerOpenMilliseconds,
    breaker: new ConsecutiveBreaker(settings.breakerFailures),
  });
}

function isAttemptEnd(value: unknown): value is AttemptEnd {
  return typeof value === "object" && value !== null && "repeatable" in value;
}
