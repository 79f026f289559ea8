/**
 * A quantile of a histogram, in the unit of its bounds. Inside its bucket it is taken to lie in
 * proportion, as Prometheus's histogram_quantile does; beyond the last bound it is the last bound.
 * `private.histogram_quantile` says the same in SQL.
 *
 * @param counts one for each bound and one for what is beyond; empty for none
 * @param quantile 0 to 1
 */
export function findQuantile(
  counts: readonly number[],
  bounds: readonly number[],
  quantile: number,
): number | null {
  const rank = quantile * counts.reduce((sum, size) => sum + size, 0);
  if (counts.every((size) => size === 0)) return null;
  let below = 0;
  for (const [place, bound] of bounds.entries()) {
    const size = counts[place] ?? 0;
    if (size > 0 && below + size >= rank) {
      const lower = bounds[place - 1] ?? 0;
      return lower + (bound - lower) * (rank - below) / size;
    }
    below += size;
  }
  return bounds.at(-1) ?? null;
}
