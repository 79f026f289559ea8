/** Weights are counted in quarters of a token, so that they stay whole numbers. */
export const WEIGHT_PER_TOKEN = 4;

/**
 * What one UTF-16 unit weighs: four letters of English make a token, letters with accents and other
 * alphabets take more, a character of Chinese or an emoji is a token or two. White space after white
 * space weighs nothing, as in most tokenizers; `weighText` sees to it that much of it does.
 */
export function weighUnit(unit: number, previous: number): number {
  if (unit <= 32) return previous <= 32 ? 0 : 1;
  if (unit < 128) return isLetter(unit) ? 1 : 2;
  return unit < 0x0590 ? 2 : 4;
}

/** Units of a text weigh no less than one in so many, so that a limit of weight is one of length too. */
export const UNITS_PER_WEIGHT = 4;

/** About how much of a model's context `text.slice(from, to)` takes, without its vocabulary. */
export function weighText(text: string, from: number, to: number): number {
  let weight = 0;
  let previous = 0;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    weight += weighUnit(unit, previous);
    previous = unit;
  }
  return Math.max(weight, Math.ceil((to - from) / UNITS_PER_WEIGHT));
}

/** About how many tokens a text has. */
export function estimateTokens(text: string): number {
  return Math.ceil(weighText(text, 0, text.length) / WEIGHT_PER_TOKEN);
}

function isLetter(unit: number): boolean {
  const lower = unit | 32;
  return lower >= 97 && lower <= 122;
}
