/** Value lists of Vapi's published OpenAPI; names joined by ", " so that a list stays a paragraph. */
const list = (names: string): string[] => names.split(/,\s+/);

export const ANTHROPIC_BEDROCK_MODELS = list(
  `claude-3-opus-20240229, claude-3-sonnet-20240229, claude-3-haiku-20240307,
claude-3-5-sonnet-20240620, claude-3-5-sonnet-20241022, claude-3-5-haiku-20241022,
claude-3-7-sonnet-20250219, claude-opus-4-20250514, claude-opus-4-5-20251101, claude-opus-4-6,
claude-sonnet-4-20250514, claude-sonnet-4-5-20250929, claude-sonnet-4-6,
claude-haiku-4-5-20251001, global.anthropic.claude-haiku-4-5-20251001-v1:0`,
);

export const ANTHROPIC_MODELS = list(
  `claude-3-opus-20240229, claude-3-sonnet-20240229, claude-3-haiku-20240307,
claude-3-5-sonnet-20240620, claude-3-5-sonnet-20241022, claude-3-5-haiku-20241022,
claude-3-7-sonnet-20250219, claude-opus-4-20250514, claude-opus-4-5-20251101, claude-opus-4-6,
claude-sonnet-4-20250514, claude-sonnet-4-5-20250929, claude-sonnet-4-6, claude-sonnet-5,
claude-haiku-4-5-20251001`,
);

export const ASSEMBLY_AI_LANGUAGE_CODES = list(
  `en, es, fr, de, it, pt, tr, nl, sv, no, da, fi, hi, vi, ar, he, ja, zh`,
);

export const AZURE_SPEECH_LANGUAGES = list(
  `af-ZA, am-ET, ar-AE, ar-BH, ar-DZ, ar-EG, ar-IL, ar-IQ, ar-JO, ar-KW, ar-LB, ar-LY, ar-MA,
ar-OM, ar-PS, ar-QA, ar-SA, ar-SY, ar-TN, ar-YE, az-AZ, bg-BG, bn-IN, bs-BA, ca-ES, cs-CZ,
cy-GB, da-DK, de-AT, de-CH, de-DE, el-GR, en-AU, en-CA, en-GB, en-GH, en-HK, en-IE, en-IN,
en-KE, en-NG, en-NZ, en-PH, en-SG, en-TZ, en-US, en-ZA, es-AR, es-BO, es-CL, es-CO, es-CR,
es-CU, es-DO, es-EC, es-ES, es-GQ, es-GT, es-HN, es-MX, es-NI, es-PA, es-PE, es-PR, es-PY,
es-SV, es-US, es-UY, es-VE, et-EE, eu-ES, fa-IR, fi-FI, fil-PH, fr-BE, fr-CA, fr-CH, fr-FR,
ga-IE, gl-ES, gu-IN, he-IL, hi-IN, hr-HR, hu-HU, hy-AM, id-ID, is-IS, it-CH, it-IT, ja-JP,
jv-ID, ka-GE, kk-KZ, km-KH, kn-IN, ko-KR, lo-LA, lt-LT, lv-LV, mk-MK, ml-IN, mn-MN, mr-IN,
ms-MY, mt-MT, my-MM, nb-NO, ne-NP, nl-BE, nl-NL, pa-IN, pl-PL, ps-AF, pt-BR, pt-PT, ro-RO,
ru-RU, si-LK, sk-SK, sl-SI, so-SO, sq-AL, sr-RS, sv-SE, sw-KE, sw-TZ, ta-IN, te-IN, th-TH,
tr-TR, uk-UA, ur-IN, uz-UZ, vi-VN, wuu-CN, yue-CN, zh-CN, zh-CN-shandong, zh-CN-sichuan, zh-HK,
zh-TW, zu-ZA`,
);

export const CARTESIA_LANGUAGES = list(
  `ar, bg, bn, cs, da, de, el, en, es, fi, fr, gu, he, hi, hr, hu, id, it, ja, ka, kn, ko, ml, mr,
ms, nl, no, pa, pl, pt, ro, ru, sk, sv, ta, te, th, tl, tr, uk, vi, zh`,
);

export const CARTESIA_MODELS = list(
  `sonic-3.5, sonic-3.5-2026-05-04, sonic-3, sonic-3-2026-01-12, sonic-3-2025-10-27, sonic-2,
sonic-2-2025-06-11, sonic-english, sonic-multilingual, sonic-preview, sonic`,
);

export const CHUNK_PLAN_PUNCTUATION_BOUNDARIES = list(
  `。, ，, ., !, ?, ;, ), ،, ۔, ।, ॥, |, ||, ,, :`,
);

export const DEEPGRAM_LANGUAGES = list(
  `ar, az, ba, be, bg, bn, br, bs, ca, cs, da, da-DK, de, de-CH, el, en, en-AU, en-CA, en-GB,
en-IE, en-IN, en-NZ, en-US, es, es-419, es-LATAM, et, eu, fa, fi, fr, fr-CA, ha, haw, he, hi,
hi-Latn, hr, hu, id, is, it, ja, jw, kn, ko, ko-KR, ln, lt, lv, mk, mr, ms, multi, nl, nl-BE,
no, pl, pt, pt-BR, pt-PT, ro, ru, sk, sl, sn, so, sr, su, sv, sv-SE, ta, taq, te, th, th-TH, tl,
tr, tt, uk, ur, vi, yo, zh, zh-CN, zh-HK, zh-Hans, zh-Hant, zh-TW`,
);

export const DEEPGRAM_VOICE_IDS = list(
  `asteria, luna, stella, athena, hera, orion, arcas, perseus, angus, orpheus, helios, zeus,
thalia, andromeda, helena, apollo, arcas, aries, amalthea, asteria, athena, atlas, aurora,
callista, cora, cordelia, delia, draco, electra, harmonia, hera, hermes, hyperion, iris, janus,
juno, jupiter, luna, mars, minerva, neptune, odysseus, ophelia, orion, orpheus, pandora, phoebe,
pluto, saturn, selene, theia, vesta, zeus, celeste, estrella, nestor, sirio, carina, alvaro,
diana, aquila, selena, javier, viktoria, kara, fabian, julius, lara, elara, aurelia`,
);

export const FORMAT_PLAN_FORMATTERS = list(
  `markdown, asterisk, quote, dash, newline, colon, acronym, dollarAmount, email, date, time,
distance, unit, percentage, phoneNumber, number, stripAsterisk`,
);

export const GLADIA_LANGUAGES = list(
  `af, sq, am, ar, hy, as, az, ba, eu, be, bn, bs, br, bg, ca, zh, hr, cs, da, nl, en, et, fo, fi,
fr, gl, ka, de, el, gu, ht, ha, haw, he, hi, hu, is, id, it, ja, jv, kn, kk, km, ko, lo, la, lv,
ln, lt, lb, mk, mg, ms, ml, mt, mi, mr, mn, my, ne, no, nn, oc, ps, fa, pl, pt, pa, ro, ru, sa,
sr, sn, sd, si, sk, sl, so, es, su, sw, sv, tl, tg, ta, tt, te, th, bo, tr, tk, uk, ur, uz, vi,
cy, yi, yo`,
);

export const GOOGLE_LANGUAGES = list(
  `Multilingual, Arabic, Bengali, Bulgarian, Chinese, Croatian, Czech, Danish, Dutch, English,
Estonian, Finnish, French, German, Greek, Hebrew, Hindi, Hungarian, Indonesian, Italian,
Japanese, Korean, Latvian, Lithuanian, Norwegian, Polish, Portuguese, Romanian, Russian,
Serbian, Slovak, Slovenian, Spanish, Swahili, Swedish, Thai, Turkish, Ukrainian, Vietnamese`,
);

export const GOOGLE_MODELS = list(
  `gemini-3.5-flash, gemini-3.1-flash-lite, gemini-3-flash-preview, gemini-2.5-pro,
gemini-2.5-flash, gemini-2.5-flash-lite, gemini-2.0-flash-thinking-exp,
gemini-2.0-pro-exp-02-05, gemini-2.0-flash, gemini-2.0-flash-lite, gemini-2.0-flash-exp,
gemini-2.0-flash-realtime-exp, gemini-1.5-flash, gemini-1.5-flash-002, gemini-1.5-pro,
gemini-1.5-pro-002, gemini-1.0-pro`,
);

export const GROQ_MODELS = list(
  `openai/gpt-oss-20b, openai/gpt-oss-120b, deepseek-r1-distill-llama-70b, llama-3.3-70b-versatile,
llama-3.1-405b-reasoning, llama-3.1-8b-instant, llama3-8b-8192, llama3-70b-8192, gemma2-9b-it,
moonshotai/kimi-k2-instruct-0905, meta-llama/llama-4-scout-17b-16e-instruct, mistral-saba-24b,
compound-beta, compound-beta-mini`,
);

export const INWORLD_LANGUAGE_CODES = list(
  `en, zh, ko, nl, fr, es, ja, de, it, pl, pt, ru, hi, he, ar`,
);

export const INWORLD_VOICE_IDS = list(
  `Alex, Ashley, Craig, Deborah, Dennis, Edward, Elizabeth, Hades, Julia, Pixie, Mark, Olivia,
Priya, Ronald, Sarah, Shaun, Theodore, Timothy, Wendy, Dominus, Hana, Clive, Carter, Blake,
Luna, Yichen, Xiaoyin, Xinyi, Jing, Erik, Katrien, Lennart, Lore, Alain, Hélène, Mathieu,
Étienne, Johanna, Josef, Gianni, Orietta, Asuka, Satoshi, Hyunwoo, Minji, Seojun, Yoona, Szymon,
Wojciech, Heitor, Maitê, Diego, Lupita, Miguel, Rafael, Svetlana, Elena, Dmitry, Nikolai, Riya,
Manoj, Yael, Oren, Nour, Omar`,
);

export const ISO_639_LANGUAGES = list(
  `aa, ab, ae, af, ak, am, an, ar, as, av, ay, az, ba, be, bg, bh, bi, bm, bn, bo, br, bs, ca, ce,
ch, co, cr, cs, cu, cv, cy, da, de, dv, dz, ee, el, en, eo, es, et, eu, fa, ff, fi, fj, fo, fr,
fy, ga, gd, gl, gn, gu, gv, ha, he, hi, ho, hr, ht, hu, hy, hz, ia, id, ie, ig, ii, ik, io, is,
it, iu, ja, jv, ka, kg, ki, kj, kk, kl, km, kn, ko, kr, ks, ku, kv, kw, ky, la, lb, lg, li, ln,
lo, lt, lu, lv, mg, mh, mi, mk, ml, mn, mr, ms, mt, my, na, nb, nd, ne, ng, nl, nn, no, nr, nv,
ny, oc, oj, om, or, os, pa, pi, pl, ps, pt, qu, rm, rn, ro, ru, rw, sa, sc, sd, se, sg, si, sk,
sl, sm, sn, so, sq, sr, ss, st, su, sv, sw, ta, te, tg, th, ti, tk, tl, tn, to, tr, ts, tt, tw,
ty, ug, uk, ur, uz, ve, vi, vo, wa, wo, xh, yi, yue, yo, za, zh, zu`,
);

export const MICROSOFT_STYLES = list(
  `adventurous, angry, caring, cheerful, confused, curious, determined, disappointed, disgusted,
embarrassed, empathy, encouraging, excited, fearful, friendly, happy, hopeful, jealous, joyful,
nostalgic, reflective, regretful, relieved, sad, serious, shouting, softvoice, surprised,
whispering`,
);

export const MICROSOFT_VOICE_IDS = list(
  `de-DE-Klaus:MAI-Voice-2, de-DE-Mia:MAI-Voice-2, en-AU-Lisa:MAI-Voice-2, en-US-Ethan:MAI-Voice-2,
en-US-Grant:MAI-Voice-2, en-US-Harper:MAI-Voice-2, en-US-Iris:MAI-Voice-2,
en-US-Jasper:MAI-Voice-2, en-US-Olivia:MAI-Voice-2, es-ES-Marta:MAI-Voice-2,
es-MX-Alejo:MAI-Voice-2, es-MX-Valeria:MAI-Voice-2, fr-FR-Marc:MAI-Voice-2,
fr-FR-Soleil:MAI-Voice-2, hi-IN-Arjun:MAI-Voice-2, hi-IN-Dhruv:MAI-Voice-2,
hi-IN-Kavya:MAI-Voice-2, hi-IN-Priya:MAI-Voice-2, hu-HU-Bence:MAI-Voice-2,
hu-HU-Levente:MAI-Voice-2, hu-HU-Lilla:MAI-Voice-2, hu-HU-Réka:MAI-Voice-2,
it-IT-Luca:MAI-Voice-2, it-IT-Rosa:MAI-Voice-2, ko-KR-Hana:MAI-Voice-2, ko-KR-Junho:MAI-Voice-2,
nl-NL-Fleur:MAI-Voice-2, nl-NL-Sander:MAI-Voice-2, pt-BR-Caio:MAI-Voice-2,
pt-BR-Luana:MAI-Voice-2, pt-BR-Pedro:MAI-Voice-2, pt-BR-Rafael:MAI-Voice-2,
pt-PT-Rui:MAI-Voice-2, ro-RO-Andrei:MAI-Voice-2, ro-RO-Elena:MAI-Voice-2,
ro-RO-Ioana:MAI-Voice-2, ro-RO-Radu:MAI-Voice-2, ru-RU-Lev:MAI-Voice-2, ru-RU-Masha:MAI-Voice-2,
th-TH-Krit:MAI-Voice-2, th-TH-Nattapong:MAI-Voice-2, tr-TR-Aydin:MAI-Voice-2,
tr-TR-Elif:MAI-Voice-2, zh-CN-Bo:MAI-Voice-2, zh-CN-Lan:MAI-Voice-2, zh-CN-Mei:MAI-Voice-2`,
);

export const MINIMAX_LANGUAGE_BOOSTS = list(
  `Chinese, Chinese,Yue, English, Arabic, Russian, Spanish, French, Portuguese, German, Turkish,
Dutch, Ukrainian, Vietnamese, Indonesian, Japanese, Italian, Korean, Thai, Polish, Romanian,
Greek, Czech, Finnish, Hindi, Bulgarian, Danish, Hebrew, Malay, Persian, Slovak, Swedish,
Croatian, Filipino, Hungarian, Norwegian, Slovenian, Catalan, Nynorsk, Tamil, Afrikaans, auto`,
);

export const OPEN_AI_LANGUAGES = list(
  `af, ar, hy, az, be, bs, bg, ca, zh, hr, cs, da, nl, en, et, fi, fr, gl, de, el, he, hi, hu, is,
id, it, ja, kn, kk, ko, lv, lt, mk, ms, mr, mi, ne, no, fa, pl, pt, ro, ru, sr, sk, sl, es, sw,
sv, tl, ta, th, tr, uk, ur, vi, cy`,
);

export const OPEN_AI_MODELS = list(
  `gpt-5.6-sol, gpt-5.6-terra, gpt-5.6-luna, gpt-5.5, chat-latest, gpt-5.4, gpt-5.4-mini,
gpt-5.4-nano, gpt-5.2, gpt-5.2-chat-latest, gpt-5.1, gpt-5.1-chat-latest, gpt-5,
gpt-5-chat-latest, gpt-5-mini, gpt-5-nano, gpt-4.1-2025-04-14, gpt-4.1-mini-2025-04-14,
gpt-4.1-nano-2025-04-14, gpt-4.1, gpt-4.1-mini, gpt-4.1-nano, chatgpt-4o-latest, o3, o3-mini,
o4-mini, o1-mini, o1-mini-2024-09-12, gpt-4o-realtime-preview-2024-10-01,
gpt-4o-realtime-preview-2024-12-17, gpt-4o-mini-realtime-preview-2024-12-17,
gpt-realtime-2025-08-28, gpt-realtime-mini-2025-12-15, gpt-realtime-2, gpt-4o-mini-2024-07-18,
gpt-4o-mini, gpt-4o, gpt-4o-2024-05-13, gpt-4o-2024-08-06, gpt-4o-2024-11-20, gpt-4-turbo,
gpt-4-turbo-2024-04-09, gpt-4-turbo-preview, gpt-4-0125-preview, gpt-4-1106-preview, gpt-4,
gpt-4-0613, gpt-3.5-turbo, gpt-3.5-turbo-0125, gpt-3.5-turbo-1106, gpt-3.5-turbo-16k,
gpt-3.5-turbo-0613, gpt-5.6-luna:westus3, gpt-5.6-terra:westus3, gpt-5.6-sol:westus3,
gpt-5.4:eastus2, gpt-5.4:swedencentral, gpt-5.4-mini:eastus2, gpt-5.4-mini:swedencentral,
gpt-5.4-nano:eastus2, gpt-5.4-nano:swedencentral, gpt-5.2:eastus2, gpt-5.2:swedencentral,
gpt-5.1:eastus2, gpt-5.1:swedencentral, gpt-5:eastus2, gpt-5:swedencentral, gpt-5:canadaeast,
gpt-5:eastus, gpt-5:westeurope, gpt-5:germanywestcentral, gpt-5:polandcentral,
gpt-5:spaincentral, gpt-5-mini:eastus2, gpt-5-mini:swedencentral, gpt-5-mini:westeurope,
gpt-5-mini:germanywestcentral, gpt-5-mini:polandcentral, gpt-5-mini:spaincentral,
gpt-5-nano:eastus2, gpt-5-nano:swedencentral, gpt-4.1-2025-04-14:westus,
gpt-4.1-2025-04-14:eastus2, gpt-4.1-2025-04-14:eastus, gpt-4.1-2025-04-14:westus3,
gpt-4.1-2025-04-14:northcentralus, gpt-4.1-2025-04-14:southcentralus,
gpt-4.1-2025-04-14:westeurope, gpt-4.1-2025-04-14:germanywestcentral,
gpt-4.1-2025-04-14:polandcentral, gpt-4.1-2025-04-14:spaincentral,
gpt-4.1-mini-2025-04-14:westus, gpt-4.1-mini-2025-04-14:eastus2, gpt-4.1-mini-2025-04-14:eastus,
gpt-4.1-mini-2025-04-14:westus3, gpt-4.1-mini-2025-04-14:northcentralus,
gpt-4.1-mini-2025-04-14:southcentralus, gpt-4.1-mini-2025-04-14:westeurope,
gpt-4.1-mini-2025-04-14:germanywestcentral, gpt-4.1-mini-2025-04-14:polandcentral,
gpt-4.1-mini-2025-04-14:spaincentral, gpt-4.1-nano-2025-04-14:westus,
gpt-4.1-nano-2025-04-14:eastus2, gpt-4.1-nano-2025-04-14:westus3,
gpt-4.1-nano-2025-04-14:northcentralus, gpt-4.1-nano-2025-04-14:southcentralus,
gpt-4o-2024-11-20:swedencentral, gpt-4o-2024-11-20:westus, gpt-4o-2024-11-20:eastus2,
gpt-4o-2024-11-20:eastus, gpt-4o-2024-11-20:westus3, gpt-4o-2024-11-20:southcentralus,
gpt-4o-2024-11-20:westeurope, gpt-4o-2024-11-20:germanywestcentral,
gpt-4o-2024-11-20:polandcentral, gpt-4o-2024-11-20:spaincentral, gpt-4o-2024-08-06:westus,
gpt-4o-2024-08-06:westus3, gpt-4o-2024-08-06:eastus, gpt-4o-2024-08-06:eastus2,
gpt-4o-2024-08-06:northcentralus, gpt-4o-2024-08-06:southcentralus,
gpt-4o-mini-2024-07-18:westus, gpt-4o-mini-2024-07-18:westus3, gpt-4o-mini-2024-07-18:eastus,
gpt-4o-mini-2024-07-18:eastus2, gpt-4o-mini-2024-07-18:northcentralus,
gpt-4o-mini-2024-07-18:southcentralus, gpt-4o-2024-05-13:eastus2, gpt-4o-2024-05-13:eastus,
gpt-4o-2024-05-13:northcentralus, gpt-4o-2024-05-13:southcentralus, gpt-4o-2024-05-13:westus3,
gpt-4o-2024-05-13:westus, gpt-4-turbo-2024-04-09:eastus2, gpt-4-0125-preview:eastus,
gpt-4-0125-preview:northcentralus, gpt-4-0125-preview:southcentralus,
gpt-4-1106-preview:australiaeast, gpt-4-1106-preview:canadaeast, gpt-4-1106-preview:france,
gpt-4-1106-preview:india, gpt-4-1106-preview:norway, gpt-4-1106-preview:swedencentral,
gpt-4-1106-preview:uk, gpt-4-1106-preview:westus, gpt-4-1106-preview:westus3,
gpt-4-0613:canadaeast, gpt-3.5-turbo-0125:canadaeast, gpt-3.5-turbo-0125:northcentralus,
gpt-3.5-turbo-0125:southcentralus, gpt-3.5-turbo-1106:canadaeast, gpt-3.5-turbo-1106:westus,
gpt-4.1:australiaeast, gpt-4o:australiaeast, gpt-5.4-mini:australiaeast`,
);

export const PLAY_HT_EMOTIONS = list(
  `female_happy, female_sad, female_angry, female_fearful, female_disgust, female_surprised,
male_happy, male_sad, male_angry, male_fearful, male_disgust, male_surprised`,
);

export const PLAY_HT_LANGUAGES = list(
  `afrikaans, albanian, amharic, arabic, bengali, bulgarian, catalan, croatian, czech, danish,
dutch, english, french, galician, german, greek, hebrew, hindi, hungarian, indonesian, italian,
japanese, korean, malay, mandarin, polish, portuguese, russian, serbian, spanish, swedish,
tagalog, thai, turkish, ukrainian, urdu, xhosa`,
);

export const RIME_AI_LANGUAGES = list(`en, es, de, fr, ar, hi, ja, he, pt, ta, si`);

export const SPEECHMATICS_LANGUAGES = list(
  `auto, ar, ar_en, ba, eu, be, bn, bg, yue, ca, hr, cs, da, nl, en, eo, et, fi, fr, gl, de, el,
he, hi, hu, id, ia, ga, it, ja, ko, lv, lt, ms, en_ms, mt, cmn, cmn_en, mr, mn, no, fa, pl, pt,
ro, ru, sk, sl, es, en_es, sw, sv, tl, ta, en_ta, th, tr, uk, ur, ug, vi, cy`,
);

export const TALKSCRIBER_LANGUAGES = list(
  `en, zh, de, es, ru, ko, fr, ja, pt, tr, pl, ca, nl, ar, sv, it, id, hi, fi, vi, he, uk, el, ms,
cs, ro, da, hu, ta, no, th, ur, hr, bg, lt, la, mi, ml, cy, sk, te, fa, lv, bn, sr, az, sl, kn,
et, mk, br, eu, is, hy, ne, mn, bs, kk, sq, sw, gl, mr, pa, si, km, sn, yo, so, af, oc, ka, be,
tg, sd, gu, am, yi, lo, uz, fo, ht, ps, tk, nn, mt, sa, lb, my, bo, tl, mg, as, tt, haw, ln, ha,
ba, jw, su, yue`,
);

export const VAPI_LANGUAGES = list(
  `en-US, en-GB, en-AU, en-CA, ja, zh, de, hi, fr-FR, fr-CA, ko, pt-BR, pt-PT, it, es-ES, es-MX,
id, nl, tr, fil, pl, sv, bg, ro, ar-SA, ar-AE, cs, el, fi, hr, ms, sk, da, ta, uk, ru, hu, no,
vi, auto, en, ar, ar-EG, bn, es, fr, gu, he, ka, kn, ml, mr, pa, pt, te, th, tl`,
);

export const XAI_LANGUAGES = list(
  `auto, en, ar-EG, ar-SA, ar-AE, bn, zh, fr, de, hi, id, it, ja, ko, pt-BR, pt-PT, ru, es-MX,
es-ES, tr, vi`,
);

export const XAI_TRANSCRIBER_LANGUAGES = list(
  `ar, cs, da, nl, en, fil, fr, de, hi, id, it, ja, ko, mk, ms, fa, pl, pt, ro, ru, es, sv, th, tr,
vi`,
);

/** Vapi's own voices that new assistants may use (its "Vapi Voices" page, 2026). */
export const VAPI_VOICES = list(
  `Elliot, Savannah, Rohan, Emma, Clara, Nico, Kai, Sagar, Godfrey, Neil`,
);

/** Vapi's own voices that it withdrew on 2026-03-01. */
export const RETIRED_VAPI_VOICES = list(
  `Spencer, Neha, Harry, Cole, Paige, Hana, Lily, Kylie`,
);

export const CLIENT_MESSAGES = list(
  `conversation-update, assistant.speechStarted, function-call, function-call-result, hang,
language-changed, metadata, model-output, speech-update, status-update, transcript, tool-calls,
tool-calls-result, tool.completed, transfer-update, user-interrupted, voice-input,
workflow.node.started, assistant.started`,
);

export const SERVER_MESSAGES = list(
  `assistant.started, assistant.speechStarted, conversation-update, end-of-call-report,
function-call, hang, language-changed, language-change-detected, model-output,
phone-call-control, speech-update, status-update, transcript,
transcript[transcriptType="final"], tool-calls, transfer-destination-request,
handoff-destination-request, transfer-update, user-interrupted, voice-input, chat.created,
chat.deleted, session.created, session.updated, session.deleted, call.deleted,
call.delete.failed, call.artifact.upload`,
);
