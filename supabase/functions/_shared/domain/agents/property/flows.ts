import { acceptBy } from "../../flows/answer.ts";
import { choiceField, countField } from "../../flows/fields.ts";
import { toPrice } from "../../flows/price_field.ts";
import { finishWith, type Flow, type Step } from "../../flows/flow.ts";
import { readDate, readTime } from "../../entities/read_date.ts";
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
import { keepBelow, keepKnown, nearPlace, readPlace } from "../search_terms.ts";
import { LISTING_TEXTS } from "../shared_texts.ts";
import { PROPERTY_TEXTS as texts } from "./texts.ts";

const deal = choiceField([
  {
    value: "rent",
    title: texts.rent,
    words:
      "rent,to rent,for rent,rental,renting,louer,loue,a louer,location,loyer,kukodi,kukodisha,kupanga,kupangisha,kodi,gukodesha,nkodesha,ikodeshwa,gukodeshwa",
  },
  {
    value: "sale",
    title: texts.sale,
    words:
      "sale,for sale,buy,buying,sell,selling,acheter,achat,vendre,a vendre,vente,vends,kununua,kuuza,nauza,inauzwa,kugura,kugurisha,ndagurisha,igurishwa",
  },
]);

const bedrooms: Step = {
  ...countField({
    nouns: "bedroom,bed,br,bdr,bdrm,room,chambre,piece,vyumba,chumba,ibyumba,icyumba".split(","),
    min: 0,
    max: 50,
  }),
  ask: texts.ask_bedrooms,
  label: texts.bedrooms,
  on_error: texts.error_bedrooms,
};

const date: Step = {
  accept: acceptBy((answer) => readDate(answer.text, answer)),
  find: (answer) => readDate(answer.text, answer),
  ask: texts.ask_date,
  label: texts.date,
  on_error: texts.error_date,
};
const time: Step = {
  accept: acceptBy(({ text }) => readTime(text) ?? readHour(text)),
  find: ({ text }) => readTime(text),
  ask: texts.ask_time,
  label: texts.time,
  on_error: texts.error_time,
};

/** "10" where a time was asked for. */
function readHour(text: string): string | undefined {
  const hour = /^\s*([01]?\d|2[0-3])\s*$/.exec(text)?.[1];
  return hour === undefined ? undefined : `${hour.padStart(2, "0")}:00`;
}

const number = (value: unknown) => typeof value === "number" ? value : null;

/** Search (rent or sale → bedrooms → budget → location), list, inquire, arrange a viewing. */
export const PROPERTY_FLOWS: { [name: string]: Flow } = {
  search: {
    title: texts.search,
    triggers: texts.search_triggers,
    steps: {
      deal: { ...deal, ask: texts.ask_deal, label: texts.deal, on_error: texts.error_deal },
      bedrooms: { ...bedrooms, optional: true },
      budget: budgetStep,
      place: { ...placeStep, optional: true },
    },
    confirm: null,
    finish: finishWith({
      tool: "search_listings",
      input: ({ deal, bedrooms, budget, place }) => ({
        domains: ["property" as const],
        category: String(deal),
        ...keepBelow(budget),
        ...(typeof bedrooms === "number" ? { attributes: { bedrooms } } : {}),
        ...nearPlace(place),
      }),
      say: ({ output, language }) =>
        sayListings(output.listings, { agent: "property", language, none: LISTING_TEXTS.none }),
    }),
  },
  list: {
    title: texts.list,
    triggers: texts.list_triggers,
    steps: {
      deal: { ...deal, ask: texts.ask_offered, label: texts.deal, on_error: texts.error_deal },
      bedrooms: { ...bedrooms, optional: true },
      description: descriptionStep,
      price: priceStep,
      place: placeStep,
    },
    confirm: LISTING_TEXTS.confirm_publish,
    finish: finishWith({
      tool: "create_listing",
      input: ({ deal, bedrooms, description, price, place }, { currency, language }) => ({
        domain: "property" as const,
        title: writeTitle({ deal, bedrooms, place: readPlace(place)?.name ?? null }, language),
        description: String(description),
        category: String(deal),
        ...toPrice(price, currency),
        price_unit: deal === "rent" ? "month" : null,
        place: readPlace(place),
        attributes: keepKnown({ bedrooms }),
      }),
      say: ({ language }) => [sayText(LISTING_TEXTS.published[language])],
    }),
  },
  ...ownerFlows("property"),
  view: viewFlow("property", {
    actions: [
      { flow: "contact", title: LISTING_TEXTS.contact },
      { flow: "viewing", title: texts.viewing },
    ],
    lines: ({ attributes }, language) => {
      const count = number(attributes["bedrooms"]);
      return count === null ? [] : [`${count} ${texts.per_bedroom[language]}`];
    },
  }),
  contact: contactFlow({ title: LISTING_TEXTS.contact, kind: "inquiry" }),
  viewing: contactFlow({
    title: texts.viewing,
    kind: "viewing",
    confirm: texts.confirm_viewing,
    sent: texts.viewing_sent,
    steps: { date, time },
  }),
};

function writeTitle(
  { deal, bedrooms, place }: { deal: unknown; bedrooms: unknown; place: string | null },
  language: "en" | "fr" | "sw" | "rw",
): string {
  const count = number(bedrooms);
  const kind = deal === "rent" ? texts.rent[language] : texts.sale[language];
  return [kind, count === null ? "" : `${count} ${texts.per_bedroom[language]}`, place ?? ""]
    .filter(Boolean).join(", ");
}
