import type { JsonObject } from "../../../ports.ts";
import { formatNumber } from "../../flows/fields.ts";
import { readPrice } from "../../flows/price_field.ts";
import { type Data, finishWith, type Flow, type NextTask } from "../../flows/flow.ts";
import { type Dish, readMenu } from "../../orders/price_items.ts";
import type { OutboundContent } from "../../outbox/outbound_content.ts";
import type { Language } from "../../session/service_menu.ts";
import type { DescribedListing } from "../../tools/describe_listing.ts";
import { answerFlow, sayOwnApplications, sayReceived } from "../say_applications.ts";
import { isOpenOffer, sayListing, sayListings, sayText, taskId } from "../say_listings.ts";
import { saySlots } from "../say_slots.ts";
import { nearPlace } from "../search_terms.ts";
import { idStep } from "../shared_steps.ts";
import { dateStep, timeStep } from "../time_steps.ts";
import { FOODS } from "./foods.ts";
import {
  foodStep,
  itemsStep,
  peopleStep,
  placeStep,
  restaurantStep,
  toItems,
  totalStep,
} from "./steps.ts";
import { WAITER_TEXTS as texts } from "./texts.ts";

const nothing = { en: "", fr: "", sw: "", rw: "" };
const MOST_LINES = 30;

function sayMenuOf(listing: DescribedListing | null, language: Language): OutboundContent[] {
  const menu = listing === null ? [] : readMenu(listing.attributes as JsonObject);
  const line = ({ name, price }: Dish) => `• ${name}: ${formatNumber(price)} ${listing?.currency}`;
  const act = (flow: string, title: string) => ({
    id: taskId("waiter", flow, { listing_id: listing?.id ?? "" }),
    title,
  });
  return sayListing(listing, {
    language,
    gone: texts.gone,
    lines: menu.slice(0, MOST_LINES).map(line),
    actions: isOpenOffer(listing)
      ? [
        ...(menu.length === 0 ? [] : [act("order", texts.order[language])]),
        act("reserve", texts.reserve[language]),
      ]
      : [],
  });
}

/** Which restaurant is meant: the only one that fits is gone on with, else they are a list. */
function chooseRestaurant(flow: string, known: (data: Data) => { [step: string]: string }) {
  return finishWith({
    tool: "search_listings",
    input: ({ restaurant }) => ({
      domains: ["waiter" as const],
      ...(typeof restaurant === "string" ? { words: restaurant } : {}),
    }),
    say: ({ output: { listings }, data, language }) =>
      sayListings(listings, { agent: "waiter", language, none: texts.none, view: flow })
        .map((reply) => keepKnown(reply, known(data))),
    then: ({ output: { listings }, data }) => {
      const [only, ...others] = listings;
      return only === undefined || others.length > 0
        ? null
        : { flow, known: { ...known(data), listing_id: only.id } };
    },
  });
}

/** Rows that begin a task know what was said before it. */
function keepKnown(reply: OutboundContent, known: { [step: string]: string }): OutboundContent {
  if (reply.type !== "list") return reply;
  const more = Object.entries(known).map(([step, value]) => `&${step}=${value}`).join("");
  const sections = reply.content.sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => ({ ...row, id: row.id + more })),
  }));
  return { type: "list", content: { ...reply.content, sections } };
}

const wanted = ({ people, date, time }: Data) => ({
  people: String(people),
  date: String(date),
  time: String(time),
});

/** Find, menu, order and reserve. An order is confirmed at the total that it has. */
export const WAITER_FLOWS: { [name: string]: Flow } = {
  search: {
    title: texts.search,
    triggers: {
      en:
        "find a restaurant,restaurant,restaurants,place to eat,where to eat,hungry,somewhere to eat,i want to eat",
      fr:
        "trouver un restaurant,cherche un restaurant,restaurant,restaurants,ou manger,j ai faim,envie de manger",
      sw: "tafuta mgahawa,natafuta mgahawa,mgahawa,migahawa,nina njaa,wapi naweza kula",
      rw: "shaka resitora,ndashaka resitora,resitora,aho kurya,ndashonje,nariye he",
    },
    steps: { food: foodStep, place: placeStep },
    confirm: null,
    finish: finishWith({
      tool: "search_listings",
      input: ({ food, place }) => ({
        domains: ["waiter" as const],
        ...(typeof food === "string"
          ? { words: FOODS.some(({ value }) => value === food) ? sayFood(food) : food }
          : {}),
        ...nearPlace(place),
      }),
      say: ({ output: { listings }, language }) =>
        sayListings(listings, { agent: "waiter", language, none: texts.none }),
    }),
  },
  menu: {
    title: texts.menu,
    triggers: {
      en: "see a menu,the menu,menu of,menu for,show me the menu,menu at",
      fr: "voir un menu,le menu,menu de,la carte,menu chez",
      sw: "ona menyu,menyu ya,menyu",
      rw: "ibyo kurya,urutonde rw ibyo kurya,menu ya",
    },
    steps: { restaurant: restaurantStep },
    confirm: null,
    finish: chooseRestaurant("view", () => ({})),
  },
  order_at: {
    title: texts.order,
    triggers: {
      en: "order food,order,i want to order,deliver,delivery,takeaway,bring me",
      fr: "commander,commande,je veux commander,livraison,livrer,a emporter",
      sw: "agiza chakula,agiza,kuagiza,nataka kuagiza,niletee",
      rw: "tumiza ibyo kurya,tumiza,gutumiza,ndashaka gutumiza,munzanire",
    },
    steps: { restaurant: restaurantStep },
    confirm: null,
    finish: chooseRestaurant("order", () => ({})),
  },
  reserve_at: {
    title: texts.reserve,
    triggers: {
      en: "reserve a table,book a table,table for,table reservation,reservation,reserve,a table at",
      fr: "reserver une table,reserver,une table pour,table pour,reservation",
      sw: "weka nafasi ya meza,weka nafasi,kuweka nafasi,meza ya watu,meza kwa",
      rw: "fata umwanya,gufata umwanya,bika umwanya,kubika umwanya,ameza y abantu",
    },
    steps: {
      people: peopleStep,
      date: dateStep,
      time: timeStep,
      restaurant: restaurantStep,
    },
    confirm: null,
    finish: chooseRestaurant("reserve", wanted),
  },
  orders: {
    title: texts.mine,
    triggers: {
      en: "my orders,my order,my reservations,my reservation",
      fr: "mes commandes,ma commande,mes reservations,ma reservation",
      sw: "oda zangu,oda yangu,nafasi zangu",
      rw: "ibyo natumije,imyanya nafashe",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "list_applications",
      input: () => ({ of: "mine" as const, domain: "waiter" as const }),
      say: ({ output: { applications }, language }) =>
        sayOwnApplications(applications, { language, none: texts.no_orders }),
    }),
  },
  received: {
    title: texts.received,
    triggers: {
      en: "orders i received,received orders,incoming orders,who ordered",
      fr: "commandes recues,qui a commande",
      sw: "oda nilizopokea,nani ameagiza",
      rw: "ibyo batumije iwanjye,ninde watumije",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "list_applications",
      input: () => ({ of: "received" as const, domain: "waiter" as const }),
      say: ({ output: { applications }, language }) =>
        sayReceived(applications, { agent: "waiter", language, none: texts.none_received }),
    }),
  },
  view: {
    title: texts.menu,
    triggers: nothing,
    steps: { listing_id: idStep },
    confirm: null,
    finish: finishWith({
      tool: "show_listing",
      input: ({ listing_id }) => ({ listing_id: String(listing_id) }),
      say: ({ output: { listing }, language }) => sayMenuOf(listing, language),
    }),
  },
  order: {
    title: texts.order,
    triggers: nothing,
    steps: { listing_id: idStep, items: itemsStep },
    confirm: null,
    finish: finishWith({
      tool: "price_order",
      input: ({ listing_id, items }) => ({
        listing_id: String(listing_id),
        items: toItems(items),
      }),
      say: ({ output: { reason }, language }) => [
        sayText((reason === "no_menu" ? texts.no_menu : texts.gone)[language]),
      ],
      then: askOrder,
    }),
  },
  send: {
    title: texts.order,
    triggers: nothing,
    steps: { listing_id: idStep, items: itemsStep, total: totalStep },
    confirm: texts.confirm_order,
    revised_by: "order",
    finish: finishWith({
      tool: "place_order",
      input: ({ listing_id, items, total }) => ({
        listing_id: String(listing_id),
        items: toItems(items),
        total: readPrice(total)?.amount ?? 0,
      }),
      say: ({ output: { order_id }, language }) => [
        sayText((order_id === null ? texts.gone : texts.ordered)[language]),
      ],
      // The menu has changed meanwhile: nobody has seen the new total yet.
      then: askOrder,
    }),
  },
  reserve: {
    title: texts.reserve,
    triggers: nothing,
    steps: { listing_id: idStep, people: peopleStep, date: dateStep, time: timeStep },
    confirm: texts.confirm_table,
    finish: finishWith({
      tool: "reserve_table",
      input: ({ listing_id, people, date, time }) => ({
        listing_id: String(listing_id),
        people: Number(people),
        date: String(date),
        time: String(time),
      }),
      say({ output: { reason, free, booking_id }, data, language }) {
        if (booking_id === null) {
          return saySlots({ reason, free }, {
            agent: "waiter",
            flow: "reserve",
            known: { listing_id: String(data["listing_id"]), people: String(data["people"]) },
            language,
          });
        }
        return [{
          type: "buttons",
          content: {
            text: texts.reserved[language],
            buttons: [{
              id: taskId("waiter", "cancel", { booking_id }),
              title: texts.cancel[language],
            }],
          },
        }];
      },
    }),
  },
  cancel: {
    title: texts.cancel,
    triggers: nothing,
    steps: { booking_id: idStep },
    confirm: texts.confirm_cancel,
    finish: finishWith({
      tool: "cancel_booking",
      input: ({ booking_id }) => ({ booking_id: String(booking_id) }),
      say: ({ language }) => [sayText(texts.cancelled[language])],
    }),
  },
  answer: answerFlow({ title: texts.answer, confirm: texts.confirm_answer }),
};

/** A dish as listings may name it, in whatever language. */
function sayFood(value: string): string {
  const option = FOODS.find((each) => each.value === value);
  return option === undefined ? value : option.words.split(",").slice(0, 4).join(" ");
}

function askOrder(
  { output, data, language }: {
    output: {
      reason: string;
      unknown: string[];
      lines: { name: string; quantity: number }[];
      total: number;
      currency: string;
    };
    data: Data;
    language: Language;
  },
): NextTask | null {
  const listing_id = data["listing_id"] ?? null;
  const { reason, unknown, lines, total, currency } = output;
  if (reason === "unknown_items") {
    const said = `${texts.unknown[language]} ${unknown.join(", ")}`;
    return { flow: "order", known: { listing_id }, said };
  }
  const isNew = data["total"] === undefined;
  if (!(reason === "ok" && isNew) && reason !== "price_changed") return null;
  const items = lines.map(({ name, quantity }) => ({ name, quantity }));
  return {
    flow: "send",
    known: { listing_id, items, total: { amount: total, currency } },
    ...(isNew ? {} : { said: texts.new_price[language] }),
  };
}
