import { readAnsweredCount } from "../entities/read_count.ts";
import { foldText } from "../fold_text.ts";

export type OrderedItem = { name: string; quantity: number };

const MOST_ITEMS = 20;
const MOST_OF_ONE = 100;
/** What stands between two items, in four languages. */
const BETWEEN = /[,;\n+&]|\s(?:and|with|et|avec|na|pamoja na|ndetse na|hamwe na)\s/iu;
/** What stands before an item's name and isn't part of it; folded. */
const BEFORE =
  /^(?:(?:i would like|i d like|i want|i ll have|give me|can i have|please|je voudrais|je veux|donnez moi|nataka|ningependa|naomba|nipe|ndashaka|nifuza|mpa|nkeneye|x|of|de|d|plates? of|assiettes? de|sahani za|amasahani ya)\s)+/;

/** "2 pizzas and a Fanta" as items; undefined where nothing of it names one. */
export function readItems(text: string): OrderedItem[] | undefined {
  const items = text.split(BETWEEN).flatMap((part): OrderedItem[] => {
    const counted = foldText(part).replace(/(\d)x\b/g, "$1").replace(BEFORE, "");
    const quantity = readAnsweredCount(counted) ?? 1;
    const name = dropCount(counted).replace(BEFORE, "").trim();
    if (!/\p{L}{2}/u.test(name) || name.length > 60 || quantity < 1 || quantity > MOST_OF_ONE) {
      return [];
    }
    return [{ name, quantity }];
  });
  return items.length === 0 || items.length > MOST_ITEMS ? undefined : items;
}

/** Without the number, which stands before the name or, in Swahili and Kinyarwanda, behind it. */
function dropCount(text: string): string {
  const words = text.split(" ");
  const at = words.findIndex((word) =>
    readAnsweredCount(word) !== undefined || word === "a" || word === "an"
  );
  return words.filter((_word, place) => place !== at).join(" ");
}
