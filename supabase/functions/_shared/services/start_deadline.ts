/** A signal that aborts after a time, unless the work is ended before. Always call `end`. */
export function startDeadline(
  milliseconds: number,
): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  return { signal: controller.signal, end: () => clearTimeout(timer) };
}
