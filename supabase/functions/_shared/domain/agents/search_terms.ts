import type { Json } from "../../ports.ts";
import type { Place } from "../../ports_agents.ts";
import { readPrice } from "../flows/price_field.ts";

/** What is known of these, as attributes of a listing. */
export function keepKnown(
  values: { [name: string]: Json | undefined },
): { [name: string]: string | number } {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === "string" || typeof value === "number" ? [[name, value]] : []
    ),
  );
}

/** What nothing may cost more than, where a budget was said. */
export function keepBelow(budget: Json | undefined): { max_price?: number } {
  const price = readPrice(budget);
  return price === null ? {} : { max_price: price.amount };
}

const WITHIN_KM = 30;

/** A place as a flow keeps it, as listings have it. */
export function readPlace(value: Json | undefined): Place | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const number = (given: Json | undefined) => typeof given === "number" ? given : null;
  return {
    name: typeof value["name"] === "string" ? value["name"] : null,
    latitude: number(value["latitude"]),
    longitude: number(value["longitude"]),
  };
}

/** Where to search: around a point where there is one, else by the place's name. */
export function nearPlace(value: Json | undefined): {
  near?: { latitude: number; longitude: number; within_km: number };
  place_name?: string;
} {
  const place = readPlace(value);
  if (place === null) return {};
  const { name, latitude, longitude } = place;
  if (latitude !== null && longitude !== null) {
    return { near: { latitude, longitude, within_km: WITHIN_KM } };
  }
  return name === null ? {} : { place_name: name };
}
