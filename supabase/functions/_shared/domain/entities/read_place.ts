import type { JsonObject } from "../../ports.ts";
import { foldText } from "../fold_text.ts";
import { readMoney } from "./read_amount.ts";
import { KNOWN_PLACES } from "./known_places.ts";

/** A place as flows keep it: named, shared, or both. */
export type SaidPlace = JsonObject & {
  name: string | null;
  latitude: number | null;
  longitude: number | null;
};

const FOLDED = KNOWN_PLACES.map((place) => ({ place, folded: foldText(place.name) }))
  .toSorted((left, right) => right.folded.length - left.folded.length);

/** Every known place that a text names, in the order they stand. */
export function readKnownPlaces(text: string): SaidPlace[] {
  const folded = ` ${foldText(text)} `;
  return FOLDED.flatMap(({ place, folded: name }) => {
    const at = folded.indexOf(` ${name} `);
    return at < 0 ? [] : [{ at, place }];
  })
    .toSorted((left, right) => left.at - right.at)
    .map(({ place }) => ({ ...place }));
}

/** What a place's name comes after; folded. */
const BEFORE =
  /^(?:in|at|near|around|from|to|a|au|aux|pres de|dans|en|de|katika|karibu na|kwa|huko|mu|i|ku|hafi ya|kuri)\s+/;
const LONGEST = 60;

/** The place in the answer to "where?": a known one, else whatever short name is written. */
export function readAnsweredPlace(text: string): SaidPlace | undefined {
  const [known] = readKnownPlaces(text);
  if (known) return known;
  const name = text.trim().split("\n")[0]!.replace(BEFORE, "").trim();
  // A question or a whole sentence is no place.
  if (name.length < 2 || name.length > LONGEST || /[?？]/.test(name) || !/\p{L}{2}/u.test(name)) {
    return undefined;
  }
  // Nor is money.
  if (name.split(/\s+/).length > 5 || readMoney(name) !== undefined) return undefined;
  return { name: name.toWellFormed(), latitude: null, longitude: null };
}
