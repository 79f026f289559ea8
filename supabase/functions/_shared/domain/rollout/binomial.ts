/** Coefficients of Lanczos' approximation (g = 7, n = 9), good to fifteen digits. */
const LANCZOS = [
  0.99999999999980993,
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** Below this share of the sum a further term changes nothing that anybody decides by. */
const NEGLIGIBLE = 1e-17;

/** The probability of `successes` or more among `trials` that each succeed with `probability`. */
export function binomialTail(
  successes: number,
  trials: number,
  probability: number,
): number {
  if (successes <= 0) return 1;
  if (successes > trials || probability <= 0) return 0;
  if (probability >= 1) return 1;
  // Terms fall away from the mean: the side that begins beyond it is summed, outwards.
  return successes > trials * probability
    ? sumTerms(successes, trials, probability)
    : 1 - sumTerms(trials - successes + 1, trials, 1 - probability);
}

/**
 * The least probability under which this many successes or more would not be a surprise, at
 * `doubt` (one-sided): Clopper and Pearson's exact lower bound.
 */
export function lowerBound(
  successes: number,
  trials: number,
  doubt: number,
): number {
  if (successes === 0 || trials === 0) return 0;
  return findProbability((probability) => binomialTail(successes, trials, probability) > doubt);
}

/** The greatest probability under which this few successes would not be a surprise. */
export function upperBound(
  successes: number,
  trials: number,
  doubt: number,
): number {
  if (successes === trials) return 1;
  return findProbability((probability) =>
    1 - binomialTail(successes + 1, trials, probability) <= doubt
  );
}

/** Where something that grows with the probability becomes true. */
function findProbability(isReached: (probability: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (isReached(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function sumTerms(from: number, trials: number, probability: number): number {
  const odds = probability / (1 - probability);
  let term = Math.exp(
    logGamma(trials + 1) - logGamma(from + 1) - logGamma(trials - from + 1) +
      from * Math.log(probability) + (trials - from) * Math.log1p(-probability),
  );
  let sum = 0;
  for (
    let count = from;
    count <= trials && term > sum * NEGLIGIBLE;
    count += 1
  ) {
    sum += term;
    term *= (trials - count) / (count + 1) * odds;
  }
  return Math.min(1, sum);
}

function logGamma(value: number): number {
  const x = value - 1;
  const t = x + 7.5;
  const series = LANCZOS.slice(1).reduce(
    (sum, coefficient, index) => sum + coefficient / (x + index + 1),
    LANCZOS[0]!,
  );
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t +
    Math.log(series);
}
