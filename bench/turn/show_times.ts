/** Milliseconds in their order, so many of the first left out: those warm up. */
export function sortTimes(times: readonly number[], warmUp = 0): number[] {
  return times.slice(warmUp).sort((one, other) => one - other);
}

/** `p50 1.20 ms, p99 3.40 ms` */
export function showTimes(sorted: readonly number[]): string {
  const at = (share: number) =>
    `${
      (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2)
    } ms`;
  return `p50 ${at(0.5).padStart(9)}, p99 ${at(0.99).padStart(9)}`;
}
