/**
 * The vector with length 1, so that its product with another one is their similarity.
 * @returns null when it has no direction
 */
export function normaliseVector(values: readonly number[]): number[] | null {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return Number.isFinite(length) && length > 0 ? values.map((value) => value / length) : null;
}
