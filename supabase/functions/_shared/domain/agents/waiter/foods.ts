import type { Option } from "../../flows/fields.ts";

const food = (
  value: string,
  [en, fr, sw, rw]: [string, string, string, string],
  words: string,
): Option => ({
  value,
  title: { en, fr, sw, rw },
  words,
});

/** What people name when they are hungry; anything else is found by its words. */
export const FOODS: readonly Option[] = [
  food("pizza", ["Pizza", "Pizza", "Pizza", "Pizza"], "pizza,pizzas,italian,italien"),
  food(
    "brochette",
    ["Brochettes", "Brochettes", "Mishikaki", "Burusheti"],
    "brochette,brochettes,mishikaki,burusheti,nyama choma,zingalo",
  ),
  food("burger", ["Burger", "Burger", "Baga", "Baga"], "burger,burgers,baga,fast food"),
  food("chicken", ["Chicken", "Poulet", "Kuku", "Inkoko"], "chicken,poulet,kuku,inkoko"),
  food("fish", ["Fish", "Poisson", "Samaki", "Ifi"], "fish,poisson,samaki,ifi,tilapia"),
  food("buffet", ["Buffet", "Buffet", "Bufe", "Melanje"], "buffet,melange,melanje,bufe,local food"),
  food("indian", ["Indian", "Indien", "Kihindi", "Abahinde"], "indian,indien,kihindi,curry"),
  food("chinese", ["Chinese", "Chinois", "Kichina", "Abashinwa"], "chinese,chinois,kichina"),
  food("coffee", ["Coffee", "Café", "Kahawa", "Ikawa"], "coffee,cafe,kahawa,ikawa"),
];
