import { AGENTS } from "../agents/registry.ts";
import { type Language, LANGUAGES } from "../session/service_menu.ts";
import { readPhrases } from "./compile_lexicon.ts";
import { EVERYDAY_WORDS, WISHES } from "./everyday_words.ts";
import type { Strength } from "./lexicon.ts";
import { splitAll } from "./split_words.ts";
import { spellOut } from "./verb_prefixes.ts";

export type DetectedLanguage = {
  /** The likeliest; null where no word tells. */
  language: Language | null;
  /** Whether it is likely enough to go on in it. */
  isClear: boolean;
};

/** Said by people of every language here. */
const SHARED = new Set(
  "hello,hi,ok,okay,thanks,merci,bye,taxi,menu,stop,start,moto,job,cv,facebook,whatsapp,demo,assurance,restaurant,salut,sawa,asante,pls,please,sorry"
    .split(","),
);
const GREETINGS: { [L in Language]: string } = {
  en: "hello hi hey good morning afternoon evening thank thanks you night bye goodbye",
  fr: "bonjour bonsoir salut coucou bjr bsr slt merci beaucoup revoir bientot comment allez",
  sw: "habari mambo vipi hujambo jambo shikamoo niaje asante sana kwaheri karibu salama",
  rw:
    "muraho mwaramutse mwiriwe amakuru bite murakoze urakoze cyane murabeho urabeho neza wiriwe waramutse",
};
/** How Kinyarwanda's words begin and no word of the other three does, nearly. */
const KINYARWANDA_SHAPE =
  /^(?:nda|ndi|umu|aba|iki|ibi|ubu|uru|imi|iby|aka|mura|tura|bya|cya|bwa|rwa|mwa|twa|nsh|gu[a-z]{3}|ku[a-z]{5}|nko)/;
const WEIGHTS = { everyday: 1, service: 0.8, shape: 0.5, shared: 0.25 };
/** So much more than the next, and no less than this, is clear; so is a lone "muraho". */
const CLEAR_SCORE = 1.5;
const CLEAR_RATIO = 1.6;
const SHORT_TEXT = 2;

/**
 * Which of the four languages a text is in, by the words that are one language's more than the
 * others'. A word of two languages counts half for each. Linear in the text's length.
 */
export function detectLanguage(text: string): DetectedLanguage {
  const { everyday, service } = readWords();
  const scores = new Map<Language, number>(LANGUAGES.map((language) => [language, 0]));
  const words = new Set(splitAll(text));
  for (const word of words) {
    const own = everyday.get(word);
    const found = own ?? service.get(word);
    if (found === undefined) {
      if (KINYARWANDA_SHAPE.test(word)) add("rw", WEIGHTS.shape);
      continue;
    }
    const weight = SHARED.has(word)
      ? WEIGHTS.shared
      : own === undefined
      ? WEIGHTS.service
      : WEIGHTS.everyday;
    for (const language of found) add(language, weight / found.size);
  }
  const [first, second] = [...scores].sort(([, one], [, other]) => other - one);
  if (first === undefined || second === undefined || first[1] === second[1]) {
    return { language: null, isClear: false };
  }
  return {
    language: first[0],
    isClear: (first[1] >= CLEAR_SCORE && first[1] >= CLEAR_RATIO * second[1]) ||
      (words.size <= SHORT_TEXT && first[1] >= WEIGHTS.everyday && second[1] === 0),
  };

  function add(language: Language, weight: number) {
    scores.set(language, (scores.get(language) ?? 0) + weight);
  }
}

type Words = Map<string, Set<Language>>;
let read: { everyday: Words; service: Words } | null = null;

/** Made by the first message that needs it. */
function readWords(): { everyday: Words; service: Words } {
  if (read !== null) return read;
  const everyday: Words = new Map();
  const service: Words = new Map();
  for (const language of LANGUAGES) {
    for (const list of [EVERYDAY_WORDS, WISHES, GREETINGS]) {
      learn(everyday, list[language], language);
    }
    for (const { lexicon } of Object.values(AGENTS)) {
      for (const strength of ["sure", "likely", "hint"] satisfies Strength[]) {
        for (const phrase of readPhrases(lexicon[language][strength] ?? "")) {
          for (const spelling of spellOut(phrase, language)) learn(service, spelling, language);
        }
      }
    }
  }
  return read = { everyday, service };
}

function learn(words: Words, text: string, language: Language): void {
  for (const word of splitAll(text)) {
    let languages = words.get(word);
    if (languages === undefined) words.set(word, languages = new Set());
    languages.add(language);
  }
}
