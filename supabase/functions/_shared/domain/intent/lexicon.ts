import type { Language } from "../session/service_menu.ts";

/** How much a phrase says for its service: by itself, together with a little more, or hardly. */
export const WEIGHTS = { sure: 0.85, likely: 0.65, hint: 0.35 } as const;
export type Strength = keyof typeof WEIGHTS;

/**
 * Phrases, separated by commas, as people write them; accents, case, articles and possessives don't
 * count (`split_words.ts`), and an English or French plural's `s` is understood. `~stem` is a Swahili
 * or Kinyarwanda verb with any of its prefixes (`verb_prefixes.ts`).
 */
export type Phrases = { [S in Strength]?: string } & {
  /** What only looks like it ("good job"): where it stands, the shorter phrases inside don't count. */
  never?: string;
};

export type Lexicon = { [L in Language]: Phrases };
