import type { Json } from "../../../ports.ts";
import type { Place } from "../../../ports_agents.ts";
import { readAnsweredPlace } from "../../entities/read_place.ts";
import { acceptBy, type Answer } from "../../flows/answer.ts";
import { countField, showPlace } from "../../flows/fields.ts";
import { priceField } from "../../flows/price_field.ts";
import type { Step } from "../../flows/flow.ts";
import { readRoute } from "../../rides/read_route.ts";
import { readPlace } from "../search_terms.ts";
import { RIDES_TEXTS as texts } from "./texts.ts";

/** A shared location is where somebody is, unless it answers where they go. */
const shared = ({ location }: Answer) => location === null ? undefined : { ...location };

export const fromStep: Step = {
  accept: acceptBy((answer) =>
    shared(answer) ?? readRoute(answer.text).from ?? readAnsweredPlace(answer.text)
  ),
  find: (answer) => shared(answer) ?? readRoute(answer.text).from,
  show: showPlace,
  wants_location: true,
  ask: texts.ask_from,
  label: texts.from,
  on_error: texts.error_place,
};

export const toStep: Step = {
  accept: acceptBy((answer) =>
    shared(answer) ?? readRoute(answer.text).to ?? readAnsweredPlace(answer.text)
  ),
  find: ({ text }) => readRoute(text).to,
  show: showPlace,
  ask: texts.ask_to,
  label: texts.to,
  on_error: texts.error_place,
};

export const seatsStep: Step = {
  ...countField({
    nouns: "seat,place,siege,passenger,passager,nafasi,kiti,viti,abiria,imyanya,umwanya,abagenzi"
      .split(","),
    min: 1,
    max: 20,
  }),
  ask: texts.ask_seats,
  label: texts.seats,
  on_error: texts.error_seats,
};

export const priceStep: Step = {
  ...priceField(),
  optional: true,
  ask: texts.ask_price,
  label: texts.price,
  on_error: texts.error_price,
};

/** A button brings a place as its name or as "latitude,longitude". */
export function toPlace(value: Json | undefined): Place {
  if (typeof value !== "string") {
    return readPlace(value) ?? { name: null, latitude: null, longitude: null };
  }
  const [latitude, longitude, ...more] = value.split(",").map(Number);
  if (
    more.length === 0 && latitude !== undefined && longitude !== undefined &&
    Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
  ) return { name: null, latitude, longitude };
  return readPlace(readAnsweredPlace(value)) ?? { name: value, latitude: null, longitude: null };
}

/** The other way round; a name in a button has none of the signs that part its answers. */
export function writePlace(value: Json | undefined): string {
  const { name, latitude, longitude } = toPlace(value);
  if (name !== null) return name.replace(/[&=:]/g, " ").slice(0, 40);
  return latitude === null || longitude === null
    ? ""
    : `${latitude.toFixed(4)},${longitude.toFixed(4)}`;
}
