import type { Json } from "../../../ports.ts";
import { acceptBy } from "../../flows/answer.ts";
import { findOption, type Option } from "../../flows/fields.ts";
import { priceField, readPrice, showPrice, toPrice } from "../../flows/price_field.ts";
import { finishWith, type Flow, type Step } from "../../flows/flow.ts";
import {
  budgetStep,
  contactFlow,
  descriptionStep,
  ownerFlows,
  placeStep,
  priceStep,
  sentFlow,
  viewFlow,
} from "../listing_flows.ts";
import { answerFlow } from "../say_applications.ts";
import { sayListings, sayText } from "../say_listings.ts";
import { keepBelow, nearPlace, readPlace } from "../search_terms.ts";
import { LISTING_TEXTS, texts as say } from "../shared_texts.ts";
import { BROKER_TEXTS as texts } from "./texts.ts";

const option = (
  value: string,
  en: string,
  fr: string,
  sw: string,
  rw: string,
  words: string,
): Option => ({
  value,
  title: say(en, fr, sw, rw),
  words,
});

const KINDS: readonly Option[] = [
  option(
    "shop",
    "Shop",
    "Magasin",
    "Duka",
    "Iduka",
    "shop,store,boutique,supermarket,alimentation,magasin,supermarche,duka,iduka,butike",
  ),
  option(
    "restaurant",
    "Restaurant, bar",
    "Restaurant, bar",
    "Mgahawa, baa",
    "Resitora, akabari",
    "restaurant,bar,cafe,coffee shop,mgahawa,baa,resitora,akabari",
  ),
  option(
    "salon",
    "Salon",
    "Salon",
    "Saluni",
    "Salo",
    "salon,barber,barbershop,spa,coiffure,saluni,kinyozi,salo",
  ),
  option(
    "pharmacy",
    "Pharmacy",
    "Pharmacie",
    "Famasi",
    "Farumasi",
    "pharmacy,pharmacie,famasi,duka la dawa,farumasi",
  ),
  option(
    "hotel",
    "Hotel",
    "Hôtel",
    "Hoteli",
    "Hoteli",
    "hotel,guest house,guesthouse,lodge,maison d hotes,hoteli,nyumba ya wageni",
  ),
  option("farm", "Farm", "Ferme", "Shamba", "Ifamu", "farm,ferme,shamba,ifamu,ubworozi"),
  option(
    "transport",
    "Transport",
    "Transport",
    "Usafirishaji",
    "Ubwikorezi",
    "transport,taxi business,logistics,usafirishaji,ubwikorezi",
  ),
  option(
    "factory",
    "Workshop, factory",
    "Atelier, usine",
    "Kiwanda",
    "Uruganda",
    "factory,workshop,bakery,garage,usine,atelier,boulangerie,kiwanda,karakana,uruganda,garaje",
  ),
  option(
    "school",
    "School",
    "École",
    "Shule",
    "Ishuri",
    "school,nursery school,ecole,creche,shule,ishuri",
  ),
];

const kind: Step = {
  accept: acceptBy(({ text, choice }) => {
    const known = KINDS.find(({ value }) => value === choice)?.value ?? findOption(KINDS, text);
    if (known !== undefined) return known;
    const written = text.trim();
    return choice === null && /\p{L}{3}/u.test(written) && !/[?]/.test(written)
      ? written.slice(0, 100).toWellFormed()
      : undefined;
  }),
  find: ({ text }) => findOption(KINDS, text),
  prose: true,
  choices: KINDS.map(({ value, title }) => ({ value, title })),
  ask: texts.ask_kind,
  label: texts.kind,
  on_error: texts.error_kind,
  show: (value, language) =>
    KINDS.find((each) => each.value === value)?.title[language] ?? String(value),
};
const revenue: Step = {
  ...priceField({ find: false }),
  ask: texts.ask_revenue,
  label: texts.revenue,
  on_error: LISTING_TEXTS.error_price,
  optional: true,
};

const isKnown = (value: unknown) => KINDS.some((each) => each.value === value);
/** What a business earns in a month may be in another currency than what is asked for it. */
function keepRevenue(value: Json | undefined): { [name: string]: string | number } {
  const revenue = readPrice(value);
  return revenue === null
    ? {}
    : { monthly_revenue: revenue.amount, revenue_currency: revenue.currency };
}

const owner = ownerFlows("business_broker");

/** Find or list a business for sale; buyer and seller meet when both have said yes. */
export const BROKER_FLOWS: { [name: string]: Flow } = {
  search: {
    title: texts.search,
    triggers: texts.search_triggers,
    steps: { kind, budget: budgetStep, place: { ...placeStep, optional: true } },
    confirm: null,
    finish: finishWith({
      tool: "search_listings",
      input: ({ kind, budget, place }) => ({
        domains: ["business_broker" as const],
        ...(isKnown(kind) ? { category: String(kind) } : { words: String(kind) }),
        ...keepBelow(budget),
        ...nearPlace(place),
      }),
      say: ({ output, language }) =>
        sayListings(output.listings, {
          agent: "business_broker",
          language,
          none: LISTING_TEXTS.none,
        }),
    }),
  },
  list: {
    title: texts.list,
    triggers: texts.list_triggers,
    steps: { kind, description: descriptionStep, price: priceStep, revenue, place: placeStep },
    confirm: LISTING_TEXTS.confirm_publish,
    finish: finishWith({
      tool: "create_listing",
      input: ({ kind, description, price, revenue, place }, { currency, language }) => ({
        domain: "business_broker" as const,
        title: KINDS.find((each) => each.value === kind)?.title[language] ?? String(kind),
        description: String(description),
        category: isKnown(kind) ? String(kind) : null,
        ...toPrice(price, currency),
        place: readPlace(place),
        attributes: keepRevenue(revenue),
      }),
      say: ({ language }) => [sayText(LISTING_TEXTS.published[language])],
    }),
  },
  introductions: sentFlow("business_broker", {
    title: texts.introductions,
    triggers: texts.introductions_triggers,
    none: texts.none_introductions,
  }),
  ...owner,
  answer: answerFlow({ title: LISTING_TEXTS.answer, confirm: texts.confirm_answer }),
  view: viewFlow("business_broker", {
    actions: [{ flow: "introduce", title: texts.introduce }],
    lines: ({ attributes, currency }, language) =>
      typeof attributes["monthly_revenue"] === "number"
        ? [
          `${texts.revenue[language]}: ${
            showPrice({
              amount: attributes["monthly_revenue"],
              // What was listed before revenues had a currency is in the price's.
              currency: String(attributes["revenue_currency"] ?? currency),
            })
          }`,
        ]
        : [],
  }),
  introduce: contactFlow({
    title: texts.introduce,
    kind: "introduction",
    confirm: texts.confirm_introduce,
    sent: texts.introduced,
  }),
};
