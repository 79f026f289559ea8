import { acceptBy } from "../../flows/answer.ts";
import { choiceField, formatNumber } from "../../flows/fields.ts";
import { readPrice, showPrice } from "../../flows/price_field.ts";
import { type Data, finishWith, type Flow, type Step } from "../../flows/flow.ts";
import { type COVERS, type VEHICLES } from "../../insurance/quote.ts";
import type { Language } from "../../session/service_menu.ts";
import { sayText, taskId } from "../say_listings.ts";
import { INSURANCE_TEXTS as texts } from "./texts.ts";
import { COVER_OPTIONS, VEHICLE_OPTIONS } from "./vehicles.ts";

const vehicle: Step = {
  ...choiceField(VEHICLE_OPTIONS),
  ask: texts.ask_vehicle,
  label: texts.vehicle,
  on_error: texts.error_vehicle,
};
const cover: Step = {
  ...choiceField(COVER_OPTIONS),
  ask: texts.ask_cover,
  label: texts.cover,
  on_error: texts.error_cover,
};
const plate: Step = {
  accept: acceptBy(({ text, choice }) => {
    const written = text.trim().toUpperCase().replace(/[^A-Z0-9 -]/g, "").slice(0, 20).trim();
    return choice === null && /\d/.test(written) && written.length >= 4 ? written : undefined;
  }),
  ask: texts.ask_plate,
  label: texts.plate,
  on_error: texts.error_plate,
};
/** Told by the tariffs and never asked for. */
const price: Step = {
  accept: acceptBy(() => undefined),
  show: showPrice,
  told: true,
  ask: texts.no_price,
  label: texts.price,
  on_error: texts.no_price,
};

const chosen = (data: Data) => ({
  vehicle: String(data["vehicle"]) as typeof VEHICLES[number],
  cover: String(data["cover"]) as typeof COVERS[number],
});
const nameOf = (options: typeof VEHICLE_OPTIONS, value: string, language: Language) =>
  options.find((option) => option.value === value)?.title[language] ?? value;

/** Quote, request and status. A request is confirmed at the price that it has. */
export const INSURANCE_FLOWS: { [name: string]: Flow } = {
  quote: {
    title: texts.quote,
    triggers: {
      en: "quote,how much,price,cost,insure,premium",
      fr: "devis,combien,prix,tarif,assurer,assurance pour,prime",
      sw: "bei,kiasi gani,gharama,bima ya,kukatia bima,shilingi ngapi",
      rw: "igiciro,angahe,amafaranga angahe,kwishingira,ubwishingizi bw",
    },
    steps: { vehicle, cover },
    confirm: null,
    finish: finishWith({
      tool: "quote_insurance",
      input: chosen,
      say({ output: { vehicle, cover, yearly_price, currency }, language }) {
        if (yearly_price === null) return [sayText(texts.no_price[language])];
        const named = `${nameOf(VEHICLE_OPTIONS, vehicle, language)}, ${
          nameOf(COVER_OPTIONS, cover, language)
        }`;
        const told = `${formatNumber(yearly_price)} ${currency} ${texts.per_year[language]}`;
        return [{
          type: "buttons",
          content: {
            text: `${named}: *${told}*`,
            buttons: [{
              id: taskId("insurance", "request", { vehicle, cover }),
              title: texts.request[language],
            }],
          },
        }];
      },
    }),
  },
  request: {
    title: texts.request,
    triggers: {
      en: "request a policy,buy insurance,get insured,take a policy,policy request,new policy",
      fr: "demander une police,souscrire,prendre une assurance,acheter une assurance",
      sw: "omba bima,nunua bima,kata bima,nataka bima",
      rw: "saba ubwishingizi,gusaba ubwishingizi,kugura ubwishingizi,gufata ubwishingizi",
    },
    steps: { vehicle, cover, plate },
    confirm: null,
    finish: finishWith({
      tool: "quote_insurance",
      input: chosen,
      say: ({ language }) => [sayText(texts.no_price[language])],
      then: ({ output: { yearly_price: amount, currency }, data }) =>
        amount === null || currency === null
          ? null
          : { flow: "send", known: { ...data, price: { amount, currency } } },
    }),
  },
  send: {
    title: texts.request,
    triggers: { en: "", fr: "", sw: "", rw: "" },
    steps: { vehicle, cover, plate, price },
    confirm: texts.confirm,
    revised_by: "request",
    finish: finishWith({
      tool: "request_policy",
      input: (data) => ({
        ...chosen(data),
        plate: String(data["plate"]),
        yearly_price: readPrice(data["price"])?.amount ?? 0,
      }),
      say: ({ output: { requested }, language }) => [
        sayText((requested ? texts.requested : texts.no_price)[language]),
      ],
      // The tariff has changed meanwhile: nobody has seen the new price yet.
      then: ({ output: { requested, yearly_price: amount, currency }, data, language }) =>
        requested || amount === null || currency === null ||
          amount === readPrice(data["price"])?.amount
          ? null
          : {
            flow: "send",
            known: { ...data, price: { amount, currency } },
            said: texts.new_price[language],
          },
    }),
  },
  status: {
    title: texts.status,
    triggers: {
      en: "my requests,status of my request,my request,status,my policy,my policies",
      fr: "mes demandes,ma demande,ou en est ma demande,mes polices,ma police",
      sw: "maombi yangu,ombi langu,hali ya ombi,bima yangu",
      rw: "ubusabe bwanjye,aho bugeze,ubwishingizi bwanjye",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "list_policies",
      input: () => ({}),
      say({ output: { policies }, language }) {
        const states: { [state: string]: string } = {
          requested: texts.state_requested[language],
          issued: texts.state_issued[language],
          declined: texts.state_declined[language],
        };
        const lines = policies.map(({ vehicle, cover, yearly_price, currency, state }) =>
          `• ${nameOf(VEHICLE_OPTIONS, vehicle, language)}, ${
            nameOf(COVER_OPTIONS, cover, language)
          }: ${formatNumber(yearly_price)} ${currency} (${states[state] ?? state})`
        );
        return [sayText(lines.join("\n") || texts.none[language])];
      },
    }),
  },
};
