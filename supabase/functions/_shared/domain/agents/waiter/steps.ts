import type { Json } from "../../../ports.ts";
import { readAnsweredCount } from "../../entities/read_count.ts";
import { acceptBy, type Answer, type Texts } from "../../flows/answer.ts";
import { countField, findOption, placeField } from "../../flows/fields.ts";
import { showPrice } from "../../flows/price_field.ts";
import type { Step } from "../../flows/flow.ts";
import { type OrderedItem, readItems } from "../../orders/read_items.ts";
import { reviseItems } from "../../orders/revise_items.ts";
import { FOODS } from "./foods.ts";
import { WAITER_TEXTS as texts } from "./texts.ts";

const short = (answer: Answer, most: number) => {
  const written = answer.text.trim();
  return answer.choice === null && /\p{L}{2}/u.test(written) && written.length <= most &&
      !/[?？]/.test(written)
    ? written.toWellFormed()
    : undefined;
};
const asked = (ask: Texts, label: Texts, on_error: Texts) => ({ ask, label, on_error });

export const foodStep: Step = {
  accept: acceptBy((answer) =>
    FOODS.find(({ value }) => value === answer.choice)?.value ??
      findOption(FOODS, answer.text) ?? short(answer, 60)
  ),
  find: ({ text }) => findOption(FOODS, text),
  choices: FOODS.map(({ value, title }) => ({ value, title })),
  optional: true,
  ...asked(texts.ask_food, texts.food, texts.error_food),
};

export const placeStep: Step = {
  ...placeField(),
  optional: true,
  ...asked(texts.ask_place, texts.place, texts.error_place),
};

/** What a restaurant's name stands behind; folded. */
const AT = /^(?:at|chez|from|the menu of|menu of|menu de|of|kwa|ya|kuri|muri|i)\s+/i;

export const restaurantStep: Step = {
  accept: acceptBy((answer) => {
    const name = short(answer, 80);
    return name?.replace(AT, (before) => /^chez/i.test(before) ? before : "");
  }),
  optional: true,
  ...asked(texts.ask_restaurant, texts.restaurant, texts.error_restaurant),
};

export const itemsStep: Step = {
  accept: acceptBy(({ text, choice }) => choice === null ? readItems(text) : undefined),
  revise: ({ text }, before) => reviseItems(text, toItems(before)),
  show: (value) => toItems(value).map(({ name, quantity }) => `${quantity} × ${name}`).join(", "),
  ...asked(texts.ask_items, texts.items, texts.error_items),
};

/** Told by the menu and never asked for. */
export const totalStep: Step = {
  accept: acceptBy(() => undefined),
  show: showPrice,
  told: true,
  ...asked(texts.total, texts.total, texts.total),
};

const PEOPLE = "people,person,guest,pax,personne,couvert,watu,mtu,abantu".split(",");
/** "a table for four"; folded. */
const TABLE_FOR = / (?:table for|table pour|meza kwa|meza ya|ameza ya) (\S+) /;

/** A row brings it as text. */
const people = countField({ nouns: PEOPLE, min: 1, max: 50 });
export const peopleStep: Step = {
  ...people,
  find: (answer) => {
    const said = TABLE_FOR.exec(` ${answer.folded} `)?.[1];
    const seats = said === undefined ? undefined : readAnsweredCount(said);
    return people.find?.(answer) ?? (seats !== undefined && seats <= 50 ? seats : undefined);
  },
  ...asked(texts.ask_people, texts.people, texts.error_people),
};

export function toItems(value: Json | undefined): OrderedItem[] {
  return Array.isArray(value) ? value as OrderedItem[] : [];
}
