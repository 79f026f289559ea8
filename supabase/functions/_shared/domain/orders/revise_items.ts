import { foldText } from "../fold_text.ts";
import { isSameDish } from "./price_items.ts";
import { type OrderedItem, readItems } from "./read_items.ts";

/** What a correction opens with, in four languages. */
const TAKES_BACK =
  /^\s*(?:no|nope|non|hapana|oya|sorry|pardon|samahani|imbabazi|mbabarira|actually|wait|i mean|i meant|en fait|plut[oô]t|make it|make that|change (?:it )?to|si|ahubwo)(?![\p{L}\p{N}])[\s,.;:!-]*/iu;
/** "a coke instead of the fanta": what stands behind it leaves the order. */
const INSTEAD =
  /\s(?:instead of|rather than|au lieu d[e']|à la place d[e']|badala ya|mu mwanya wa)\s*/iu;
const ADDS =
  /^\s*(?:(?:can you |could you |please |and |et |na )?(?:add|also|plus|another|one more|and|ajoutez|ajoute|ajouter|rajoutez|aussi|encore|et|ongeza|niongezee|pia|ongeraho|wongereho|mwongereho|nyongerera))(?![\p{L}\p{N}])\s*/iu;
const REMOVES =
  /^\s*(?:please )?(?:remove|without|drop|take (?:out|off|away)|no more|leave out|enlevez|enl[eè]ve|enlever|retirez|retire|supprimez|sans|ondoa|toa|bila|kuramo|vanamo|mukuremo|mukureho|kuraho)(?![\p{L}\p{N}])\s*/iu;
const ARTICLE = /(?<![\p{L}\p{N}'])(?:the|my|that|le|la|les|ma|mon|mes|cette|ce)\s+/giu;
const COUNTED = /\p{N}/u;
/** What ends a wish and is no dish's name. */
const BEHIND =
  /[\s,]*(?:please|instead|too|as well|s'il vous pla[iî]t|svp|tafadhali|plut[oô]t|[.!])\s*$/iu;

/**
 * An order after a word about it: "add a coke", "no, 3 beers", "without the fanta", "a coke instead of
 * the fanta"; what is said of dishes that are ordered already is meant for them. Undefined where nothing
 * says that the order is meant, or nothing would be left of it.
 */
export function reviseItems(
  text: string,
  before: readonly OrderedItem[],
): OrderedItem[] | undefined {
  const isCorrection = TAKES_BACK.test(text);
  const said = text.replace(TAKES_BACK, "").replace(BEHIND, "").replace(ARTICLE, "");
  const [wanted = "", dropped] = said.split(INSTEAD);
  if (dropped !== undefined) {
    const left = remove(before, readItems(dropped) ?? [], true);
    const added = readItems(wanted.replace(ADDS, ""));
    return added === undefined || left.length === before.length ? undefined : add(left, added);
  }
  if (REMOVES.test(said)) {
    const rest = said.replace(REMOVES, "");
    const left = remove(before, readItems(rest) ?? [], !COUNTED.test(foldText(rest)));
    const isChanged = JSON.stringify(left) !== JSON.stringify(before);
    return left.length > 0 && isChanged ? left : undefined;
  }
  if (ADDS.test(said)) {
    const added = readItems(said.replace(ADDS, ""));
    return added === undefined ? undefined : add(before, added);
  }
  const items = readItems(said);
  const isKnown = (item: OrderedItem) => before.some(({ name }) => isSameDish(name, item.name));
  if (items === undefined || !(isCorrection || items.every(isKnown))) return undefined;
  // Nothing of it was ordered: it is the order, said anew.
  if (!items.some(isKnown)) return items;
  const kept = before.map((item) => ({
    ...item,
    quantity: items.find(({ name }) => isSameDish(item.name, name))?.quantity ?? item.quantity,
  }));
  return [...kept, ...items.filter((item) => !isKnown(item))];
}

function add(before: readonly OrderedItem[], more: readonly OrderedItem[]): OrderedItem[] {
  const sums = before.map((item) => {
    const added = more.filter(({ name }) => isSameDish(item.name, name));
    return { ...item, quantity: added.reduce((sum, each) => sum + each.quantity, item.quantity) };
  });
  const isNew = ({ name }: OrderedItem) => !before.some((item) => isSameDish(item.name, name));
  return [...sums, ...more.filter(isNew)];
}

/** So many of each, or all of it. */
function remove(
  before: readonly OrderedItem[],
  less: readonly OrderedItem[],
  whole: boolean,
): OrderedItem[] {
  return before.flatMap((item) => {
    const taken = less.find(({ name }) => isSameDish(item.name, name));
    const quantity = taken === undefined
      ? item.quantity
      : whole
      ? 0
      : item.quantity - taken.quantity;
    return quantity < 1 ? [] : [{ ...item, quantity }];
  });
}
