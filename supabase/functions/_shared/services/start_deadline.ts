/**
 * A signal that aborts after a time, or with another one, unless the work is ended before. Always
 * call `end`.
 */
export function startDeadline(
  milliseconds: number,
  outer?: AbortSignal,
): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  const signal = outer === undefined
    ? controller.signal
    : AbortSignal.any([controller.signal, outer]);
  return { signal, end: () => clearTimeout(timer) };
}
