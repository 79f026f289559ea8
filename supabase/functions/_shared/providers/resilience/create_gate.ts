/** Lets at most so many run at once; the others wait in the order they came. */
export type Gate = <Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
) => Promise<Result | "too_late">;

/**
 * A gate for `places` at once. Who is still waiting when its signal is aborted goes away with
 * `too_late`, and its work was never begun.
 */
export function createGate(places: number): Gate {
  let free = places;
  const waiting = new Set<() => void>();

  function enter(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (free > 0) {
      free -= 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const begin = () => {
        signal.removeEventListener("abort", leave);
        resolve(true);
      };
      const leave = () => {
        waiting.delete(begin);
        resolve(false);
      };
      waiting.add(begin);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  function exit(): void {
    const [next] = waiting;
    if (next === undefined) {
      free += 1;
      return;
    }
    // The place goes from hand to hand, so that nobody can slip in between.
    waiting.delete(next);
    next();
  }

  return async (work, signal) => {
    if (!await enter(signal)) return "too_late";
    try {
      return await work();
    } finally {
      exit();
    }
  };
}
