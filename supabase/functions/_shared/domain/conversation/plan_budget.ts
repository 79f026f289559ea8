/** Rather more than there are, for languages whose words a model cuts into many. */
const CHARACTERS_PER_TOKEN = 3;

export type Allowance = { max_tokens: number; budget_tokens: number };

/**
 * How much a model may be asked, null for not at all.
 * @param tokens_left of the organization's day; null where the day has no limit
 * @param characters of everything that the first request holds
 */
export function planBudget(
  { tokens_left, characters, max_tokens, budget_tokens }: {
    tokens_left: number | null;
    characters: number;
  } & Allowance,
): Allowance | null {
  if (tokens_left === null) return { max_tokens, budget_tokens };
  const needed = Math.ceil(characters / CHARACTERS_PER_TOKEN) + max_tokens;
  if (tokens_left < needed) return null;
  return { max_tokens, budget_tokens: Math.min(budget_tokens, tokens_left) };
}
