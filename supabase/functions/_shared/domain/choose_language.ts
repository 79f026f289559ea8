export const LANGUAGES = ["en", "fr", "sw", "rw"] as const;
export type Language = typeof LANGUAGES[number];

/** The first of the wishes that is one of ours, `fr-CA` being `fr`; English without any. */
export function chooseLanguage(...wishes: unknown[]): Language {
  for (const wish of wishes) {
    const base = typeof wish === "string" ? wish.toLowerCase().split(/[-_]/)[0] : undefined;
    const found = LANGUAGES.find((language) => language === base);
    if (found) return found;
  }
  return "en";
}
