import * as z from "zod";
import type { JsonObject } from "../../ports.ts";
import { readAnsweredAmount } from "../entities/read_amount.ts";
import { foldText } from "../fold_text.ts";
import type { OrderedItem } from "./read_items.ts";

export type Dish = { name: string; price: number };
export type OrderLine = { name: string; quantity: number; price: number };

const MOST_DISHES = 60;
const dishes = z.array(z.unknown());
const dish = z.object({ name: z.string().trim().min(1).max(80), price: z.number().min(0) });

/**
 * The menu of a restaurant's listing, `attributes.menu`: `[{name, price}]`, or a text with a dish and
 * its price a line ("Pizza 6000"). What isn't a dish is left out.
 */
export function readMenu({ menu }: JsonObject): Dish[] {
  const lines = typeof menu === "string" ? menu.split(/[\n;]/).map(readLine) : menu;
  const listed = dishes.safeParse(lines);
  if (!listed.success) return [];
  return listed.data.flatMap((each) => {
    const read = dish.safeParse(each);
    return read.success ? [read.data] : [];
  }).slice(0, MOST_DISHES);
}

function readLine(line: string): unknown {
  const match = /^(.*?\p{L}.*?)[\s:–-]+(\d[\d\s.,kK]*)\D*$/u.exec(line.trim());
  return match && { name: match[1], price: readAnsweredAmount(match[2]!)?.amount };
}

/** What is ordered by the menu's own names and prices; names that the menu doesn't have. */
export function priceItems(
  menu: readonly Dish[],
  items: readonly OrderedItem[],
): { lines: OrderLine[]; unknown: string[]; total: number } {
  const lines = new Map<string, OrderLine>();
  const unknown: string[] = [];
  for (const { name, quantity } of items) {
    const found = findDish(menu, name);
    if (found === undefined) unknown.push(name);
    else {
      const line = lines.get(found.name) ?? { ...found, quantity: 0 };
      lines.set(found.name, { ...line, quantity: line.quantity + quantity });
    }
  }
  const priced = [...lines.values()];
  const total = priced.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  return { lines: priced, unknown, total };
}

/** By its whole name, else the one dish that has all the words; "pizzas" is "pizza". */
function findDish(menu: readonly Dish[], name: string): Dish | undefined {
  const wanted = listWords(name);
  const whole = menu.find((each) => listWords(each.name).join(" ") === wanted.join(" "));
  if (whole) return whole;
  const fitting = menu.filter((each) => {
    const words = listWords(each.name);
    return wanted.every((word) => words.includes(word));
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Whether two names are of one dish: one of them has all the words of the other. */
export function isSameDish(one: string, other: string): boolean {
  const [few = [], many = []] = [listWords(one), listWords(other)].toSorted((left, right) =>
    left.length - right.length
  );
  return few.every((word) => many.includes(word));
}

function listWords(name: string): string[] {
  return foldText(name).split(" ").map((word) =>
    word.length > 3 ? word.replace(/s$/, "").replace(/e$/, "") : word
  );
}
