const split = (codes: string): ReadonlySet<string> => new Set(codes.split(/,\s*/));

/** Deepgram's Nova-3 for one language, of those that Vapi takes. Its changelog to August 2026. */
export const NOVA_3 = split(
  "ar, be, bg, bn, bs, ca, cs, da, da-DK, de, de-CH, el, en, en-AU, en-CA, en-GB, en-IE, en-IN, en-NZ, en-US, es, es-419, et, fa, fi, fr, fr-CA, he, hi, hr, hu, id, it, ja, kn, ko, ko-KR, lt, lv, mk, mr, ms, nl, nl-BE, no, pl, pt, pt-BR, pt-PT, ro, ru, sk, sl, sr, sv, sv-SE, ta, te, th, th-TH, tl, tr, uk, ur, vi, zh, zh-CN, zh-HK, zh-Hans, zh-Hant, zh-TW",
);
/** What `language: "multi"` of Nova-3 understands beyond that, several languages in a call included. */
export const NOVA_3_MULTI_ONLY = split("af, gl, gu, xh, zu");

export const NOVA_2 = split(
  "bg, ca, cs, da, da-DK, de, de-CH, el, en, en-AU, en-GB, en-IN, en-NZ, en-US, es, es-419, et, fi, fr, fr-CA, hi, hu, id, it, ja, ko, ko-KR, lt, lv, ms, nl, nl-BE, no, pl, pt, pt-BR, pt-PT, ro, ru, sk, sv, sv-SE, th, th-TH, tr, uk, vi, zh, zh-CN, zh-HK, zh-Hans, zh-Hant, zh-TW",
);

/** `AzureSpeechTranscriber.language`. */
export const AZURE = split(
  "af-ZA, am-ET, ar-AE, ar-BH, ar-DZ, ar-EG, ar-IL, ar-IQ, ar-JO, ar-KW, ar-LB, ar-LY, ar-MA, ar-OM, ar-PS, ar-QA, ar-SA, ar-SY, ar-TN, ar-YE, az-AZ, bg-BG, bn-IN, bs-BA, ca-ES, cs-CZ, cy-GB, da-DK, de-AT, de-CH, de-DE, el-GR, en-AU, en-CA, en-GB, en-GH, en-HK, en-IE, en-IN, en-KE, en-NG, en-NZ, en-PH, en-SG, en-TZ, en-US, en-ZA, es-AR, es-BO, es-CL, es-CO, es-CR, es-CU, es-DO, es-EC, es-ES, es-GQ, es-GT, es-HN, es-MX, es-NI, es-PA, es-PE, es-PR, es-PY, es-SV, es-US, es-UY, es-VE, et-EE, eu-ES, fa-IR, fi-FI, fil-PH, fr-BE, fr-CA, fr-CH, fr-FR, ga-IE, gl-ES, gu-IN, he-IL, hi-IN, hr-HR, hu-HU, hy-AM, id-ID, is-IS, it-CH, it-IT, ja-JP, jv-ID, ka-GE, kk-KZ, km-KH, kn-IN, ko-KR, lo-LA, lt-LT, lv-LV, mk-MK, ml-IN, mn-MN, mr-IN, ms-MY, mt-MT, my-MM, nb-NO, ne-NP, nl-BE, nl-NL, pa-IN, pl-PL, ps-AF, pt-BR, pt-PT, ro-RO, ru-RU, si-LK, sk-SK, sl-SI, so-SO, sq-AL, sr-RS, sv-SE, sw-KE, sw-TZ, ta-IN, te-IN, th-TH, tr-TR, uk-UA, ur-IN, uz-UZ, vi-VN, wuu-CN, yue-CN, zh-CN, zh-CN-shandong, zh-CN-sichuan, zh-HK, zh-TW, zu-ZA",
);
/** Where a language without its region is spoken by most. */
export const AZURE_USUAL: Record<string, string> = {
  ar: "ar-SA",
  de: "de-DE",
  en: "en-US",
  es: "es-ES",
  fr: "fr-FR",
  it: "it-IT",
  nl: "nl-NL",
  no: "nb-NO",
  pt: "pt-BR",
  sw: "sw-KE",
  tl: "fil-PH",
  zh: "zh-CN",
};

export const OPEN_AI = split(
  "af, ar, hy, az, be, bs, bg, ca, zh, hr, cs, da, nl, en, et, fi, fr, gl, de, el, he, hi, hu, is, id, it, ja, kn, kk, ko, lv, lt, mk, ms, mr, mi, ne, no, fa, pl, pt, ro, ru, sr, sk, sl, es, sw, sv, tl, ta, th, tr, uk, ur, vi, cy",
);
export const GLADIA = split(
  "af, sq, am, ar, hy, as, az, ba, eu, be, bn, bs, br, bg, ca, zh, hr, cs, da, nl, en, et, fo, fi, fr, gl, ka, de, el, gu, ht, ha, haw, he, hi, hu, is, id, it, ja, jv, kn, kk, km, ko, lo, la, lv, ln, lt, lb, mk, mg, ms, ml, mt, mi, mr, mn, my, ne, no, nn, oc, ps, fa, pl, pt, pa, ro, ru, sa, sr, sn, sd, si, sk, sl, so, es, su, sw, sv, tl, tg, ta, tt, te, th, bo, tr, tk, uk, ur, uz, vi, cy, yi, yo",
);
/** Google's are called by their names; `Multilingual` is for the rest. */
export const GOOGLE: Record<string, string> = {
  ar: "Arabic",
  bn: "Bengali",
  bg: "Bulgarian",
  zh: "Chinese",
  hr: "Croatian",
  cs: "Czech",
  da: "Danish",
  nl: "Dutch",
  en: "English",
  et: "Estonian",
  fi: "Finnish",
  fr: "French",
  de: "German",
  el: "Greek",
  he: "Hebrew",
  hi: "Hindi",
  hu: "Hungarian",
  id: "Indonesian",
  it: "Italian",
  ja: "Japanese",
  ko: "Korean",
  lv: "Latvian",
  lt: "Lithuanian",
  no: "Norwegian",
  pl: "Polish",
  pt: "Portuguese",
  ro: "Romanian",
  ru: "Russian",
  sr: "Serbian",
  sk: "Slovak",
  sl: "Slovenian",
  es: "Spanish",
  sw: "Swahili",
  sv: "Swedish",
  th: "Thai",
  tr: "Turkish",
  uk: "Ukrainian",
  vi: "Vietnamese",
};
