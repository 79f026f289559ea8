import { readKnownPlaces, type SaidPlace } from "../entities/read_place.ts";
import { foldText } from "../fold_text.ts";

/** What stands before where a journey begins, and before where it ends; folded. */
const FROM =
  / (?:from|leaving|de|depuis|du|kutoka|toka|kuanzia|kuva|uvuye|mvuye|uva|nva|turi|ndi)(?: (?:i|mu|ku|a|au|kwa))? $/;
const TO =
  / (?:to|towards|going to|heading to|vers|pour|jusqu a|aller a|vais a|va a|kwenda|hadi|mpaka|kuelekea|naenda|kujya|ngiye|njya|ujya|njyana|kugera|tugiye)(?: (?:i|mu|ku|a|au|kwa))? $/;

export type Route = { from?: SaidPlace; to?: SaidPlace };

/**
 * Where somebody leaves and arrives, by the known places of a text and the words before them. Two
 * places without such words are said in their order; a single one without is neither for sure.
 */
export function readRoute(text: string): Route {
  const folded = ` ${foldText(text)} `;
  const route: Route = {};
  const open: SaidPlace[] = [];
  for (const place of readKnownPlaces(text)) {
    const before = folded.slice(0, folded.indexOf(` ${foldText(place.name ?? "")} `) + 1);
    if (route.from === undefined && FROM.test(before)) route.from = place;
    else if (route.to === undefined && TO.test(before)) route.to = place;
    else open.push(place);
  }
  const isPair = open.length === 2 ||
    (open.length === 1 && (route.from !== undefined || route.to !== undefined));
  if (isPair) {
    if (route.from === undefined) route.from = open.shift()!;
    if (route.to === undefined && open[0] !== undefined) route.to = open[0];
  }
  return route;
}
