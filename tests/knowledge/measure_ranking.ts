export type Ranked = {
  /** The one document that answers the query. */
  wanted: string;
  /** What was found, best first; a document counts where it is first. */
  found: string[];
};

export type RankingQuality = {
  queries: number;
  /** How often the wanted document is among the first five. */
  recall_at_5: number;
  /** The mean of one by the wanted document's place, 0 where it was not found. */
  mean_reciprocal_rank: number;
};

/** How good a search is, by queries whose answers are known. All figures are from 0 to 1. */
export function measureRanking(results: Ranked[]): RankingQuality {
  let recalled = 0;
  let reciprocal = 0;
  for (const { wanted, found } of results) {
    const place = [...new Set(found)].indexOf(wanted) + 1;
    if (place === 0) continue;
    reciprocal += 1 / place;
    if (place <= 5) recalled++;
  }
  const queries = results.length;
  return {
    queries,
    recall_at_5: queries === 0 ? 0 : recalled / queries,
    mean_reciprocal_rank: queries === 0 ? 0 : reciprocal / queries,
  };
}
