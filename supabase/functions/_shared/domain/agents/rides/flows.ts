import { formatNumber } from "../../flows/fields.ts";
import { toPrice } from "../../flows/price_field.ts";
import { type Data, type FinishContext, finishWith, type Flow } from "../../flows/flow.ts";
import { MATCH_FLOW } from "../match_flow.ts";
import { answerFlow, sayOwnApplications, sayReceived } from "../say_applications.ts";
import { isOpenOffer, sayListing, sayListings, sayText, taskId } from "../say_listings.ts";
import type { DescribedListing } from "../../tools/describe_listing.ts";
import { idStep } from "../shared_steps.ts";
import { dateStep, timeStep } from "../time_steps.ts";
import { fromStep, priceStep, seatsStep, toPlace, toStep, writePlace } from "./steps.ts";
import { RIDES_TEXTS as texts } from "./texts.ts";

/** A row's title is short, and the day is the one that was asked for. */
function shorten(ride: DescribedListing): DescribedListing {
  const { from, to, time } = ride.attributes;
  return { ...ride, title: `${time ?? ""} ${from ?? "📍"} → ${to ?? "📍"}`.trim() };
}

const nothing = { en: "", fr: "", sw: "", rw: "" };

const ride = (side: "offer" | "request") => (data: Data, { currency }: FinishContext) => ({
  side,
  from: toPlace(data["from"]),
  to: toPlace(data["to"]),
  date: String(data["date"]),
  time: String(data["time"]),
  seats: Number(data["seats"] ?? 1),
  ...toPrice(data["price"], currency),
});

/** Offer, find, and be told of one later; a seat is asked for and accepted before numbers are shared. */
export const RIDES_FLOWS: { [name: string]: Flow } = {
  find: {
    title: texts.find,
    triggers: {
      en:
        "need a ride,find a ride,looking for a ride,ride to,lift to,a lift,need a lift,going to,travel to,carpool,take me to",
      fr:
        "cherche un trajet,trouver un trajet,covoiturage,besoin d un trajet,je vais a,aller a,cherche une place",
      sw: "natafuta usafiri,nahitaji usafiri,tafuta usafiri,lifti,naenda,usafiri wa kwenda",
      rw:
        "ndashaka urugendo,shaka urugendo,nkeneye imodoka injyana,ndashaka lifuti,lifuti,ngiye,njya",
    },
    steps: { from: fromStep, to: toStep, date: dateStep, time: { ...timeStep, optional: true } },
    confirm: null,
    finish: finishWith({
      tool: "find_rides",
      input: ({ from, to, date, time }) => ({
        from: toPlace(from),
        to: toPlace(to),
        date: String(date),
        time: typeof time === "string" ? time : null,
      }),
      say({ output: { rides }, data, language }) {
        if (rides.length > 0) {
          return sayListings(rides.map(shorten), { agent: "rides", language, none: texts.none });
        }
        const { from, to, date, time } = data;
        const known = {
          from: writePlace(from),
          to: writePlace(to),
          date: String(date),
          ...(typeof time === "string" ? { time } : {}),
        };
        return [{
          type: "buttons",
          content: {
            text: texts.none[language],
            buttons: [{ id: taskId("rides", "want", known), title: texts.want[language] }],
          },
        }];
      },
    }),
  },
  offer: {
    title: texts.offer,
    triggers: {
      en:
        "offer a ride,offering a ride,i am driving,i m driving,driving to,have seats,free seats,empty seats,seats free,seats available",
      fr:
        "proposer un trajet,je propose un trajet,je conduis,places libres,places disponibles,j ai des places",
      sw: "toa usafiri,natoa usafiri,naendesha,nina nafasi,nafasi kwenye gari,nina viti",
      rw: "tanga urugendo,ntanga urugendo,ntwaye,mfite imyanya,imyanya mu modoka,ntwara abantu",
    },
    steps: {
      from: fromStep,
      to: toStep,
      date: dateStep,
      time: timeStep,
      seats: seatsStep,
      price: priceStep,
    },
    confirm: texts.confirm_offer,
    finish: finishWith({
      tool: "list_ride",
      input: ride("offer"),
      say: ({ output: { reason }, language }) => [
        sayText((reason === "listed" ? texts.offered : texts.past)[language]),
      ],
    }),
  },
  fare: {
    title: texts.fare,
    triggers: {
      en: "fare,how much,estimate,price of a ride,cost of a ride,what does it cost",
      fr: "combien,tarif,prix du trajet,prix de la course,estimer",
      sw: "nauli,bei ya safari,kiasi gani,gharama ya usafiri,ngapi kwenda",
      rw: "igiciro cy urugendo,angahe,amafaranga angahe,itike ingahe",
    },
    steps: { from: fromStep, to: toStep },
    confirm: null,
    finish: finishWith({
      tool: "estimate_fare",
      input: ({ from, to }) => ({ from: toPlace(from), to: toPlace(to) }),
      say({ output: { fare, distance_km, currency }, language }) {
        if (fare === null || distance_km === null) return [sayText(texts.no_tariff[language])];
        const told = `*${formatNumber(fare)} ${currency}* ${
          texts.for_km[language]
        } ${distance_km} km`;
        return [sayText(`${texts.about[language]} ${told}.`)];
      },
      // A place that nobody knows is asked for again.
      then({ output: { reason }, data: { from = null, to = null }, language }) {
        if (reason !== "unknown_from" && reason !== "unknown_to") return null;
        const isFrom = reason === "unknown_from";
        const name = toPlace(isFrom ? from : to).name ?? "";
        const known: Data = isFrom ? { to } : { from };
        return {
          flow: "fare",
          known,
          said: `${texts.unknown_place[language]} ${name}`,
        };
      },
    }),
  },
  requests: {
    title: texts.mine,
    triggers: {
      en: "my requests,my rides,my seats",
      fr: "mes demandes,mes trajets",
      sw: "maombi yangu,safari zangu",
      rw: "ibyo nasabye,ingendo zanjye",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "list_applications",
      input: () => ({ of: "mine" as const, domain: "rides" as const }),
      say: ({ output: { applications }, language }) =>
        sayOwnApplications(applications, { language, none: texts.no_requests }),
    }),
  },
  matches: MATCH_FLOW,
  received: {
    title: texts.received,
    triggers: {
      en: "who asked for a seat,my passengers,seat requests",
      fr: "demandes recues,mes passagers",
      sw: "walioomba nafasi,abiria wangu",
      rw: "abasabye umwanya,abagenzi banjye",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "list_applications",
      input: () => ({ of: "received" as const, domain: "rides" as const }),
      say: ({ output: { applications }, language }) =>
        sayReceived(applications, { agent: "rides", language, none: texts.none_received }),
    }),
  },
  view: {
    title: texts.view,
    triggers: nothing,
    steps: { listing_id: idStep },
    confirm: null,
    finish: finishWith({
      tool: "show_listing",
      input: ({ listing_id }) => ({ listing_id: String(listing_id) }),
      say: ({ output: { listing }, language }) =>
        sayListing(listing, {
          language,
          gone: texts.gone,
          actions: isOpenOffer(listing)
            ? [{
              id: taskId("rides", "ask", { listing_id: listing.id }),
              title: texts.ask[language],
            }]
            : [],
        }),
    }),
  },
  ask: {
    title: texts.ask,
    triggers: nothing,
    steps: { listing_id: idStep, seats: seatsStep },
    confirm: texts.confirm_ask,
    finish: finishWith({
      tool: "ask_for_seat",
      input: ({ listing_id, seats }) => ({
        listing_id: String(listing_id),
        seats: Number(seats),
      }),
      say: ({ output: { asked }, language }) => [
        sayText((asked ? texts.asked : texts.gone)[language]),
      ],
    }),
  },
  want: {
    title: texts.want,
    triggers: nothing,
    steps: { from: fromStep, to: toStep, date: dateStep, time: timeStep },
    confirm: texts.confirm_want,
    finish: finishWith({
      tool: "list_ride",
      input: ride("request"),
      say: ({ output: { reason }, language }) => [
        sayText((reason === "listed" ? texts.wanted : texts.past)[language]),
      ],
    }),
  },
  answer: answerFlow({ title: texts.answer, confirm: texts.confirm_answer }),
};
