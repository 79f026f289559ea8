import { readDate } from "../../entities/read_date.ts";
import { readAnsweredAmount } from "../../entities/read_amount.ts";
import { readQuantity } from "../../entities/read_quantity.ts";
import { acceptBy } from "../../flows/answer.ts";
import { findOption, formatNumber } from "../../flows/fields.ts";
import { toPrice } from "../../flows/price_field.ts";
import { finishWith, type Flow, type Step } from "../../flows/flow.ts";
import type { Json } from "../../../ports.ts";
import type { Language } from "../../session/service_menu.ts";
import { contactFlow, ownerFlows, placeStep, priceStep, viewFlow } from "../listing_flows.ts";
import { sayListings, sayText } from "../say_listings.ts";
import { keepKnown, nearPlace, readPlace } from "../search_terms.ts";
import { LISTING_TEXTS } from "../shared_texts.ts";
import { CROPS, UNITS } from "./crops.ts";
import { FARMER_TEXTS as texts } from "./texts.ts";

const crop: Step = {
  accept: acceptBy(({ text, choice }) => {
    const known = CROPS.find(({ value }) => value === choice)?.value ?? findOption(CROPS, text);
    if (known !== undefined) return known;
    const written = text.trim();
    const isName = choice === null && /\p{L}{3}/u.test(written) &&
      written.split(/\s+/).length <= 4 &&
      !/[?]/.test(written);
    return isName ? written.slice(0, 60).toWellFormed() : undefined;
  }),
  find: ({ text }) => findOption(CROPS, text),
  choices: CROPS.slice(0, 9).map(({ value, title }) => ({ value, title })),
  ask: texts.ask_crop,
  label: texts.crop,
  on_error: texts.error_crop,
  show: nameCrop,
};
const quantity: Step = {
  accept: acceptBy(({ text }) => {
    const said = readQuantity(text, UNITS);
    if (said) return said;
    // A bare number is of kilograms.
    const amount = readAnsweredAmount(text)?.amount;
    return amount === undefined || amount <= 0 ? undefined : { amount, unit: "kg" };
  }),
  find: ({ text }) => readQuantity(text, UNITS),
  ask: texts.ask_quantity,
  label: texts.quantity,
  on_error: texts.error_quantity,
  show: showQuantity,
};
const harvest: Step = {
  accept: acceptBy((answer) => readDate(answer.text, answer)),
  find: (answer) => readDate(answer.text, answer),
  ask: texts.ask_harvest,
  label: texts.harvest,
  on_error: texts.error_harvest,
  optional: true,
};

function nameCrop(value: Json, language: Language): string {
  return CROPS.find((each) => each.value === value)?.title[language] ?? String(value);
}

function readParts(value: Json | undefined): { amount: number | null; unit: string } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { amount: null, unit: "kg" };
  }
  return {
    amount: typeof value["amount"] === "number" ? value["amount"] : null,
    unit: typeof value["unit"] === "string" ? value["unit"] : "kg",
  };
}

function showQuantity(value: Json, language: Language): string {
  const { amount, unit } = readParts(value);
  const name = UNITS.find((each) => each.value === unit)?.title[language] ?? unit;
  return `${formatNumber(amount ?? 0)} ${name}`;
}

const isKnown = (value: unknown) => CROPS.some((each) => each.value === value);
const byCrop = (value: unknown) =>
  isKnown(value) ? { category: String(value) } : { words: String(value) };

function search(
  side: "offer" | "request",
  { title, triggers }: Pick<Flow, "title" | "triggers">,
): Flow {
  return {
    title,
    triggers,
    steps: { crop, place: { ...placeStep, optional: true } },
    confirm: null,
    finish: finishWith({
      tool: "search_listings",
      input: ({ crop, place }) => ({
        domains: ["farmer" as const],
        side,
        ...byCrop(crop),
        ...nearPlace(place),
      }),
      say: ({ output, language }) =>
        sayListings(output.listings, { agent: "farmer", language, none: LISTING_TEXTS.none }),
    }),
  };
}

/** List produce (crop, quantity, unit, price, place, harvest date), find buyers and produce, prices. */
export const FARMER_FLOWS: { [name: string]: Flow } = {
  sell: {
    title: texts.sell,
    triggers: texts.sell_triggers,
    steps: {
      crop,
      quantity,
      price: { ...priceStep, ask: texts.ask_price },
      place: placeStep,
      harvest,
    },
    confirm: LISTING_TEXTS.confirm_publish,
    finish: finishWith({
      tool: "create_listing",
      input: ({ crop, quantity, price, place, harvest }, { currency, language }) => {
        const { amount, unit } = readParts(quantity);
        return {
          domain: "farmer" as const,
          title: `${nameCrop(crop ?? null, language)}, ${showQuantity(quantity ?? null, language)}`,
          category: isKnown(crop) ? String(crop) : null,
          ...toPrice(price, currency),
          price_unit: unit,
          quantity: amount,
          place: readPlace(place),
          attributes: keepKnown({ harvest_date: harvest }),
        };
      },
      say: ({ language }) => [sayText(LISTING_TEXTS.published[language])],
    }),
  },
  produce: search("offer", { title: texts.produce, triggers: texts.produce_triggers }),
  buyers: search("request", { title: texts.buyers, triggers: texts.buyers_triggers }),
  price: {
    title: texts.price,
    triggers: texts.price_triggers,
    steps: { crop },
    confirm: null,
    finish: finishWith({
      tool: "guide_price",
      input: ({ crop }) => ({ domain: "farmer" as const, category: String(crop) }),
      say: ({ output: { prices }, data, language }) => {
        if (prices === null) return [sayText(texts.no_price[language])];
        const { low, median, high, currency, count } = prices;
        const name = nameCrop(data["crop"] ?? null, language);
        return [sayText(
          `${name}: ${formatNumber(low)}–${formatNumber(high)} ${currency}, ${
            texts.usual[language]
          } ${formatNumber(median)}\n${texts.price_is[language]}: ${count}`,
        )];
      },
    }),
  },
  buy: {
    title: texts.buy,
    triggers: texts.buy_triggers,
    steps: { crop, quantity: { ...quantity, optional: true }, place: placeStep },
    confirm: texts.confirm_buy,
    finish: finishWith({
      tool: "create_listing",
      input: ({ crop, quantity, place }, { currency, language }) => ({
        domain: "farmer" as const,
        side: "request" as const,
        title: nameCrop(crop ?? null, language),
        category: isKnown(crop) ? String(crop) : null,
        currency,
        quantity: readParts(quantity).amount,
        place: readPlace(place),
      }),
      say: ({ language }) => [sayText(texts.bought[language])],
    }),
  },
  ...ownerFlows("farmer"),
  view: viewFlow("farmer", {
    actions: [{ flow: "contact", title: LISTING_TEXTS.contact }],
    lines: ({ attributes }, language) =>
      typeof attributes["harvest_date"] === "string"
        ? [`${texts.harvest[language]}: ${attributes["harvest_date"]}`]
        : [],
  }),
  contact: contactFlow({ title: LISTING_TEXTS.contact, kind: "inquiry" }),
};
