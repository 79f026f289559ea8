/** What Vapi's managed voices, version 1, are told to speak; without it they speak English. */
const LANGUAGES = new Set(
  ("en-US, en-GB, en-AU, en-CA, ja, zh, de, hi, fr-FR, fr-CA, ko, pt-BR, pt-PT, it, es-ES, es-MX, " +
    "id, nl, tr, fil, pl, sv, bg, ro, ar-SA, ar-AE, cs, el, fi, hr, ms, sk, da, ta, uk, ru, hu, no, vi")
    .split(", "),
);
const USUAL: Record<string, string> = {
  fr: "fr-FR",
  es: "es-ES",
  pt: "pt-BR",
  ar: "ar-SA",
  nb: "no",
  nn: "no",
  tl: "fil",
};

/**
 * `voice.language` for an agent that speaks `language`: only Vapi's own voices have to be told.
 * Undefined where they needn't, or can't.
 */
export function chooseVoiceLanguage(provider: string, language: string): string | undefined {
  if (provider !== "vapi") return undefined;
  if (LANGUAGES.has(language)) return language;
  const base = language.split("-", 1)[0] ?? language;
  return LANGUAGES.has(base) ? base : USUAL[base];
}
