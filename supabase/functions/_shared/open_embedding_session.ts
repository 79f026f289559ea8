type Session = {
  run(text: string, options: { mean_pool: boolean; normalize: boolean }): Promise<unknown>;
};
type Platform = { Supabase?: { ai?: { Session?: new (model: string) => Session } } };

/** Opens the platform's own model; null where there is no such platform. */
export const openEmbeddingSession: (() => Session) | null = (() => {
  const Session = (globalThis as Platform).Supabase?.ai?.Session;
  return Session === undefined ? null : () => new Session("gte-small");
})();
