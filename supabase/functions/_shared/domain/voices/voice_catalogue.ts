const split = (names: string): string[] => names.split(/,\s*/).filter(Boolean);

export type CatalogueVoice = {
  provider: string;
  id: string;
  label: string;
  /** Base languages such as "fr"; a region is in the id where a voice has one. */
  languages: string[];
};

export type RetiredVoice = {
  id: string;
  successor: { provider: string; id: string; label: string };
  /** ISO date */
  retiredOn: string;
};

export type VoiceProvider = {
  provider: string;
  label: string;
  voices: CatalogueVoice[];
  retired: RetiredVoice[];
  /** What an id that isn't listed must look like; null where the list is all there is. */
  otherIds: { pattern: RegExp; example: string } | null;
};

/** What Vapi's own voices speak (`voice.language`, its managed voices). */
const VAPI_LANGUAGES = split(
  "en, fr, es, de, pt, it, nl, pl, sv, da, no, fi, cs, sk, hr, bg, ro, el, hu, uk, ru, tr, ar, hi, ta, id, ms, fil, vi, ja, ko, zh",
);
/** What ElevenLabs' multilingual models speak. */
const ELEVEN_LABS_LANGUAGES = split(
  "en, fr, es, de, pt, it, nl, pl, sv, da, no, fi, cs, sk, hr, bg, ro, el, hu, uk, ru, tr, ar, hi, ta, id, ms, fil, vi, ja, ko, zh",
);
const OPEN_AI_LANGUAGES = split(
  "af, ar, hy, az, be, bs, bg, ca, zh, hr, cs, da, nl, en, et, fi, fr, gl, de, el, he, hi, hu, is, id, it, ja, kn, kk, ko, lv, lt, mk, ms, mr, mi, ne, no, fa, pl, pt, ro, ru, sr, sk, sl, es, sw, sv, tl, ta, th, tr, uk, ur, vi, cy",
);

const list = (provider: string, names: string, languages: string[]): CatalogueVoice[] =>
  split(names).map((id) => ({
    provider,
    id,
    label: id.charAt(0).toUpperCase() + id.slice(1).replaceAll("_", " "),
    languages,
  }));

/** `fr-FR-DeniseNeural` or `fr-FR-Marc:MAI-Voice-2`: the id says what it speaks. */
const localized = (provider: string, ids: string): CatalogueVoice[] =>
  split(ids).map((id) => {
    const [, language = "", region = "", name = id] = /^([a-z]{2,3})-([A-Z]{2})-([^:]+)/.exec(id) ??
      [];
    return {
      provider,
      id,
      label: `${name.replace(/(Multilingual)?Neural$/, "")} (${language}-${region})`,
      languages: [language],
    };
  });

/** Vapi moved its users' assistants to these ElevenLabs voices ("Legacy voice migration guide"). */
const retiredAtVapi = (id: string, successorId: string, label: string): RetiredVoice => ({
  id,
  successor: { provider: "11labs", id: successorId, label },
  retiredOn: "2026-03-01",
});

/** An id that we can't know: the founder's own voices, and libraries of thousands. */
const NAME = { pattern: /^[\p{L}\p{N}][\p{L}\p{N} _.:/+-]{0,255}$/u, example: "a voice's name" };
const UUID = {
  pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  example: "a uuid",
};

/**
 * The voices that Vapi takes, as its OpenAPI and its "Vapi Voices" page have them (2026). Providers
 * that need more than an id (`custom-voice`, `neuphonic`, `sesame`, `tavus`) are left out.
 */
export const VOICE_PROVIDERS: VoiceProvider[] = [
  {
    provider: "vapi",
    label: "Vapi",
    voices: list(
      "vapi",
      "Elliot, Savannah, Rohan, Emma, Clara, Nico, Kai, Sagar, Godfrey, Neil",
      VAPI_LANGUAGES,
    ),
    retired: [
      retiredAtVapi("Spencer", "JpjuQfOymR78GvGgYe0U", "Penelope"),
      retiredAtVapi("Neha", "Lw21wLjWqPPaL3TcYWek", "Navya Kannan"),
      retiredAtVapi("Harry", "hUcrqyP5BNIsY3bMyY9A", "Rick"),
      retiredAtVapi("Cole", "MFeqle9Un0xiXpndMbD7", "Terrence"),
      retiredAtVapi("Paige", "UShdpPZj9t1Kgb9ACOS2", "Jöne"),
      retiredAtVapi("Hana", "wSRCyzJYBsTZLFcumuu8", "Celeste"),
      retiredAtVapi("Lily", "7sAIIIXrQKek5xiLc1R6", "Tanya"),
      retiredAtVapi("Kylie", "t5ztDJA7pj9EyW9QIcJ2", "Chanelle"),
    ],
    // A cloned voice.
    otherIds: UUID,
  },
  {
    provider: "11labs",
    label: "ElevenLabs",
    voices: list(
      "11labs",
      "burt, marissa, andrea, sarah, phillip, steve, joseph, myra, paula, ryan, drew, paul, mrb, matilda, mark",
      ELEVEN_LABS_LANGUAGES,
    ),
    retired: [],
    otherIds: { pattern: /^[A-Za-z0-9]{20}$/, example: "a voice id of 20 letters and digits" },
  },
  {
    provider: "azure",
    label: "Azure",
    voices: [
      ...list("azure", "andrew, brian, emma", ["en"]),
      ...localized(
        "azure",
        "en-US-JennyNeural, en-US-GuyNeural, en-US-AriaNeural, en-GB-SoniaNeural, en-GB-RyanNeural, en-KE-AsiliaNeural, en-KE-ChilembaNeural, en-NG-AbeoNeural, en-NG-EzinneNeural, en-TZ-ElimuNeural, en-TZ-ImaniNeural, en-ZA-LeahNeural, en-ZA-LukeNeural, en-IN-NeerjaNeural, en-IN-PrabhatNeural, fr-FR-DeniseNeural, fr-FR-HenriNeural, fr-FR-EloiseNeural, fr-CA-SylvieNeural, fr-CA-JeanNeural, fr-BE-CharlineNeural, fr-BE-GerardNeural, sw-KE-ZuriNeural, sw-KE-RafikiNeural, sw-TZ-RehemaNeural, sw-TZ-DaudiNeural, am-ET-MekdesNeural, am-ET-AmehaNeural, so-SO-UbaxNeural, so-SO-MuuseNeural, zu-ZA-ThandoNeural, zu-ZA-ThembaNeural, af-ZA-AdriNeural, af-ZA-WillemNeural, ar-EG-SalmaNeural, ar-EG-ShakirNeural, ar-SA-ZariyahNeural, ar-SA-HamedNeural, es-ES-ElviraNeural, es-ES-AlvaroNeural, es-MX-DaliaNeural, es-MX-JorgeNeural, de-DE-KatjaNeural, de-DE-ConradNeural, it-IT-ElsaNeural, it-IT-DiegoNeural, pt-BR-FranciscaNeural, pt-BR-AntonioNeural, pt-PT-RaquelNeural, pt-PT-DuarteNeural, nl-NL-ColetteNeural, nl-NL-MaartenNeural, hi-IN-SwaraNeural, hi-IN-MadhurNeural, ja-JP-NanamiNeural, ja-JP-KeitaNeural, ko-KR-SunHiNeural, ko-KR-InJoonNeural, zh-CN-XiaoxiaoNeural, zh-CN-YunxiNeural",
      ),
    ],
    retired: [],
    otherIds: {
      pattern: /^[a-z]{2,3}(-[A-Za-z]{4})?-[A-Z]{2}(-[a-z]+)?-[A-Za-z0-9]+(:[A-Za-z0-9]+)?Neural$/,
      example: '"fr-FR-DeniseNeural"',
    },
  },
  {
    provider: "openai",
    label: "OpenAI",
    // ash, ballad, coral, sage and verse speak with realtime models only.
    voices: list(
      "openai",
      "alloy, echo, fable, onyx, nova, shimmer, marin, cedar",
      OPEN_AI_LANGUAGES,
    ),
    retired: [],
    otherIds: null,
  },
  {
    provider: "cartesia",
    label: "Cartesia",
    voices: [],
    retired: [],
    otherIds: UUID,
  },
  {
    provider: "deepgram",
    label: "Deepgram",
    voices: [
      ...list(
        "deepgram",
        "thalia, andromeda, helena, apollo, arcas, aries, amalthea, asteria, athena, atlas, aurora, callista, cora, cordelia, delia, draco, electra, harmonia, hera, hermes, hyperion, iris, janus, juno, jupiter, luna, mars, minerva, neptune, odysseus, ophelia, orion, orpheus, pandora, phoebe, pluto, saturn, selene, theia, vesta, zeus, stella, perseus, angus, helios",
        ["en"],
      ),
      ...list(
        "deepgram",
        "celeste, estrella, nestor, sirio, carina, alvaro, diana, aquila, selena, javier",
        ["es"],
      ),
      ...list("deepgram", "viktoria, kara, fabian, julius, lara, elara, aurelia", ["de"]),
    ],
    retired: [],
    otherIds: null,
  },
  {
    provider: "inworld",
    label: "Inworld",
    voices: [
      ...list(
        "inworld",
        "Alex, Ashley, Craig, Deborah, Dennis, Edward, Elizabeth, Hades, Julia, Pixie, Mark, Olivia, Priya, Ronald, Sarah, Shaun, Theodore, Timothy, Wendy, Dominus, Hana, Clive, Carter, Blake, Luna",
        ["en"],
      ),
      ...list("inworld", "Alain, Hélène, Mathieu, Étienne", ["fr"]),
      ...list("inworld", "Diego, Lupita, Miguel, Rafael", ["es"]),
      ...list("inworld", "Johanna, Josef", ["de"]),
      ...list("inworld", "Gianni, Orietta", ["it"]),
      ...list("inworld", "Heitor, Maitê", ["pt"]),
      ...list("inworld", "Erik, Katrien, Lennart, Lore", ["nl"]),
      ...list("inworld", "Szymon, Wojciech", ["pl"]),
      ...list("inworld", "Svetlana, Elena, Dmitry, Nikolai", ["ru"]),
      ...list("inworld", "Riya, Manoj", ["hi"]),
      ...list("inworld", "Yael, Oren", ["he"]),
      ...list("inworld", "Nour, Omar", ["ar"]),
      ...list("inworld", "Asuka, Satoshi", ["ja"]),
      ...list("inworld", "Hyunwoo, Minji, Seojun, Yoona", ["ko"]),
      ...list("inworld", "Yichen, Xiaoyin, Xinyi, Jing", ["zh"]),
    ],
    retired: [],
    otherIds: null,
  },
  {
    provider: "microsoft",
    label: "Microsoft",
    voices: localized(
      "microsoft",
      split(
        "de-DE-Klaus, de-DE-Mia, en-AU-Lisa, en-US-Ethan, en-US-Grant, en-US-Harper, en-US-Iris, en-US-Jasper, en-US-Olivia, es-ES-Marta, es-MX-Alejo, es-MX-Valeria, fr-FR-Marc, fr-FR-Soleil, hi-IN-Arjun, hi-IN-Dhruv, hi-IN-Kavya, hi-IN-Priya, hu-HU-Bence, hu-HU-Levente, hu-HU-Lilla, hu-HU-Réka, it-IT-Luca, it-IT-Rosa, ko-KR-Hana, ko-KR-Junho, nl-NL-Fleur, nl-NL-Sander, pt-BR-Caio, pt-BR-Luana, pt-BR-Pedro, pt-BR-Rafael, pt-PT-Rui, ro-RO-Andrei, ro-RO-Elena, ro-RO-Ioana, ro-RO-Radu, ru-RU-Lev, ru-RU-Masha, th-TH-Krit, th-TH-Nattapong, tr-TR-Aydin, tr-TR-Elif, zh-CN-Bo, zh-CN-Lan, zh-CN-Mei",
      ).map((id) => `${id}:MAI-Voice-2`).join(", "),
    ),
    retired: [],
    otherIds: null,
  },
  {
    provider: "xai",
    label: "xAI",
    voices: list(
      "xai",
      "eve, ara, rex, sal, leo",
      split("en, ar, bn, zh, fr, de, hi, id, it, ja, ko, pt, ru, es, tr, vi"),
    ),
    retired: [],
    otherIds: null,
  },
  {
    provider: "playht",
    label: "PlayHT",
    voices: list(
      "playht",
      "jennifer, melissa, will, chris, matt, jack, ruby, davis, donna, michael",
      ["en"],
    ),
    retired: [],
    otherIds: { pattern: /^s3:\/\/\S{1,250}$/, example: '"s3://voice-cloning-zero-shot/…"' },
  },
  {
    provider: "rime-ai",
    label: "Rime",
    voices: list(
      "rime-ai",
      "cove, moon, wildflower, eva, amber, maya, lagoon, breeze, helen, joy, marsh, creek, cedar, alpine, summit, nicholas, tyler, colin, hank, thunder, astra, eucalyptus, moraine, peak, tundra, mesa_extra, talon, marlu, glacier, falcon, luna, celeste, estelle, andromeda, esther, lyra, lintel, oculus, vespera, transom, bond, arcade, atrium, cupola, fern, sirius, orion, masonry, albion, parapet",
      ["en"],
    ),
    retired: [],
    otherIds: NAME,
  },
  {
    provider: "lmnt",
    label: "LMNT",
    voices: list(
      "lmnt",
      "amy, ansel, autumn, ava, brandon, caleb, cassian, chloe, dalton, daniel, dustin, elowen, evander, huxley, james, juniper, kennedy, lauren, leah, lily, lucas, magnus, miles, morgan, natalie, nathan, noah, nyssa, oliver, paige, ryan, sadie, sophie, stella, terrence, tyler, vesper, violet, warrick, zain, zeke, zoe",
      ["en"],
    ),
    retired: [],
    otherIds: NAME,
  },
  {
    provider: "smallest-ai",
    label: "Smallest AI",
    voices: list(
      "smallest-ai",
      "emily, jasmine, arman, james, mithali, aravind, raj, diya, raman, ananya, isha, william, aarav, monika, niharika, deepika, raghav, kajal, radhika, mansi, nisha, saurabh, pooja, saina, sanya",
      ["en", "hi"],
    ),
    retired: [],
    otherIds: NAME,
  },
  { provider: "minimax", label: "MiniMax", voices: [], retired: [], otherIds: NAME },
  { provider: "hume", label: "Hume", voices: [], retired: [], otherIds: NAME },
  { provider: "wellsaid", label: "WellSaid", voices: [], retired: [], otherIds: NAME },
];

/** Every listed voice; those that speak a language ("fr-CA" as well as "fr") where one is given. */
export function listVoices({ language }: { language?: string | undefined } = {}): CatalogueVoice[] {
  const base = language?.toLowerCase().split("-", 1)[0];
  return VOICE_PROVIDERS.flatMap(({ voices }) => voices)
    .filter(({ languages }) => base === undefined || languages.includes(base));
}
