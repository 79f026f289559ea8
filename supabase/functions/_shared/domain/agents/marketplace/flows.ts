import { acceptBy } from "../../flows/answer.ts";
import { findOption } from "../../flows/fields.ts";
import { finishWith, type Flow } from "../../flows/flow.ts";
import { toPrice } from "../../flows/price_field.ts";
import {
  budgetStep,
  contactFlow,
  descriptionStep,
  ownerFlows,
  placeStep,
  priceStep,
  viewFlow,
} from "../listing_flows.ts";
import { sayListings, sayText } from "../say_listings.ts";
import { keepBelow, nearPlace, readPlace } from "../search_terms.ts";
import { LISTING_TEXTS, LISTING_TRIGGERS } from "../shared_texts.ts";
import { findThing, GOODS } from "./goods.ts";
import { MARKETPLACE_TEXTS as texts } from "./texts.ts";

const thing = {
  accept: acceptBy(({ text, choice }) => {
    if (choice !== null) return undefined;
    const named = findThing(text) ?? text.trim();
    return named.length >= 2 && /\p{L}{2}/u.test(named)
      ? named.slice(0, 100).toWellFormed()
      : undefined;
  }),
  find: ({ text }: { text: string }) => findThing(text),
  on_error: texts.error_thing,
  prose: true as const,
};

const category = (words: string) => findOption(GOODS, words);

/** List (what → description → price → place), search, ask the seller, mark as sold. */
export const MARKETPLACE_FLOWS: { [name: string]: Flow } = {
  search: {
    title: texts.search,
    triggers: texts.search_triggers,
    steps: {
      thing: { ...thing, ask: texts.ask_wanted, label: texts.thing },
      budget: budgetStep,
      place: { ...placeStep, optional: true },
    },
    confirm: null,
    finish: finishWith({
      tool: "search_listings",
      input: ({ thing, budget, place }) => ({
        domains: ["marketplace" as const],
        words: String(thing),
        ...keepBelow(budget),
        ...nearPlace(place),
      }),
      say: ({ output, language }) =>
        sayListings(output.listings, { agent: "marketplace", language, none: LISTING_TEXTS.none }),
    }),
  },
  sell: {
    title: texts.sell,
    triggers: texts.sell_triggers,
    steps: {
      thing: { ...thing, ask: texts.ask_sold, label: texts.thing },
      description: descriptionStep,
      price: priceStep,
      place: placeStep,
    },
    confirm: LISTING_TEXTS.confirm_publish,
    finish: finishWith({
      tool: "create_listing",
      input: ({ thing, description, price, place }, { currency }) => ({
        domain: "marketplace" as const,
        title: String(thing),
        description: String(description),
        category: category(`${thing} ${description}`) ?? null,
        ...toPrice(price, currency),
        place: readPlace(place),
      }),
      say: ({ language }) => [sayText(LISTING_TEXTS.published[language])],
    }),
  },
  want: {
    title: texts.want,
    triggers: texts.want_triggers,
    steps: {
      thing: { ...thing, ask: texts.ask_wanted, label: texts.thing },
      budget: budgetStep,
      place: placeStep,
    },
    confirm: texts.confirm_want,
    finish: finishWith({
      tool: "create_listing",
      input: ({ thing, budget, place }, { currency }) => ({
        domain: "marketplace" as const,
        side: "request" as const,
        title: String(thing),
        category: category(String(thing)) ?? null,
        ...toPrice(budget, currency),
        place: readPlace(place),
      }),
      say: ({ language }) => [sayText(texts.wanted[language])],
    }),
  },
  ...ownerFlows("marketplace"),
  view: viewFlow("marketplace", { actions: [{ flow: "contact", title: LISTING_TEXTS.contact }] }),
  contact: contactFlow({ title: LISTING_TEXTS.contact, kind: "inquiry" }),
  /** "It is sold" shows what one has, to choose from. */
  mark_sold: {
    ...ownerFlows("marketplace")["mine"]!,
    title: LISTING_TEXTS.sold,
    triggers: LISTING_TRIGGERS.sold,
  },
};
