import type { Json } from "../../ports.ts";
import { readAnsweredCount, readCountOf } from "../entities/read_count.ts";
import { readAnsweredPlace, readKnownPlaces, type SaidPlace } from "../entities/read_place.ts";
import { foldText } from "../fold_text.ts";
import type { Language } from "../session/service_menu.ts";
import { acceptBy, type Answer, type Texts } from "./answer.ts";
import type { Step } from "./flow.ts";

/** How one kind of answer is read, found and shown; a step adds what it asks. */
export type Field = Pick<Step, "accept" | "find" | "show" | "choices" | "wants_location">;

/** In the person's own words. */
export function textField({ min = 2, max = 1000 }: { min?: number; max?: number } = {}): Field {
  return {
    accept: acceptBy(({ text, choice }) => {
      // Nothing that is kept has it, and zod counts code points: as long as it is here, so long is
      // it for whoever gets it.
      const written = text.replaceAll("\0", "").trim();
      if (choice !== null || [...written].length < min || !/\p{L}/u.test(written)) return undefined;
      return written.slice(0, max).toWellFormed();
    }),
  };
}

/** How many of something; `nouns`: folded words for it, which find it anywhere. */
export function countField(
  { nouns, min = 0, max = 1_000_000 }: { nouns: readonly string[]; min?: number; max?: number },
): Field {
  const within = (count: number | undefined) =>
    count !== undefined && count >= min && count <= max ? count : undefined;
  return {
    accept: acceptBy(({ text }) => within(readCountOf(text, nouns) ?? readAnsweredCount(text))),
    find: ({ text }) => within(readCountOf(text, nouns)),
    show: (value) => formatNumber(value),
  };
}

/** A shared location or a place's name. */
export function placeField({ find = true }: { find?: boolean } = {}): Field {
  const shared = ({ location }: Answer): SaidPlace | undefined =>
    location === null ? undefined : {
      name: location.name,
      latitude: location.latitude,
      longitude: location.longitude,
    };
  return {
    accept: acceptBy((answer) => shared(answer) ?? readAnsweredPlace(answer.text)),
    ...(find
      ? { find: (answer: Answer) => shared(answer) ?? readKnownPlaces(answer.text)[0] }
      : {}),
    show: showPlace,
    wants_location: true,
  };
}

export type Option = {
  value: string;
  title: Texts;
  /** Folded words and phrases for it, commas between them. */
  words: string;
};

/** One of a few; found anywhere by its words. `loose`: only where it is asked for. */
export function choiceField(
  options: readonly Option[],
  { find = true }: { find?: boolean } = {},
): Field {
  const read = ({ text, choice }: Answer): string | undefined => {
    const chosen = options.find(({ value }) => value === choice);
    if (chosen) return chosen.value;
    return findOption(options, text);
  };
  const asked = (answer: Answer): string | undefined => {
    const number = /^\s*(\d{1,2})\s*[.)]?\s*$/.exec(answer.text)?.[1];
    return read(answer) ?? options[Number(number) - 1]?.value;
  };
  return {
    accept: acceptBy(asked),
    ...(find ? { find: (answer: Answer) => findOption(options, answer.text) } : {}),
    choices: options.map(({ value, title }) => ({ value, title })),
  };
}

/** The option whose words stand first in a text, the longest where several begin there. */
export function findOption(options: readonly Option[], text: string): string | undefined {
  const folded = ` ${foldText(text)} `;
  let best: { at: number; length: number; value: string } | undefined;
  for (const { value, words, title } of options) {
    const titles = Object.values(title).map(foldText);
    for (const phrase of [...words.split(",").map((word) => word.trim()), ...titles]) {
      const at = phrase === "" ? -1 : folded.indexOf(` ${phrase} `);
      if (at < 0) continue;
      if (
        best === undefined || at < best.at || (at === best.at && phrase.length > best.length)
      ) best = { at, length: phrase.length, value };
    }
  }
  return best?.value;
}

export function formatNumber(value: Json): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : String(value);
}

export function showPlace(value: Json, language: Language): string {
  const here = {
    en: "shared location",
    fr: "position partagée",
    sw: "mahali ulipotuma",
    rw: "aho mwohereje",
  };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return String(value);
  return typeof value["name"] === "string" ? value["name"] : here[language];
}
