import * as z from "zod";
import type { Json, JsonObject } from "../../ports.ts";
import type { Place } from "../../ports_agents.ts";
import { KNOWN_PLACES } from "../entities/known_places.ts";
import { foldText } from "../fold_text.ts";

/** `app_config.ride_tariffs`: a base and a price a kilometre. */
const tariffs = z.object({
  currency: z.string().regex(/^[A-Z]{3}$/),
  base: z.number().min(0),
  per_km: z.number().min(0),
});
/** `app_config.known_places`, by name. */
const place = z.object({
  latitude: z.number(),
  longitude: z.number(),
  aliases: z.array(z.string()).catch([]),
});

type Point = { latitude: number; longitude: number };

/** Where a place is: as it was shared, else by its name in the configuration, else among those we know. */
export function locate(where: Place, configured: JsonObject | null): Point | null {
  const { name, latitude, longitude } = where;
  if (latitude !== null && longitude !== null) return { latitude, longitude };
  const wanted = foldText(name ?? "");
  if (wanted === "") return null;
  for (const [known, value] of Object.entries(configured ?? {})) {
    const read = place.safeParse(value);
    if (!read.success) continue;
    const names = [known, ...read.data.aliases].map(foldText);
    if (names.includes(wanted)) return read.data;
  }
  return KNOWN_PLACES.find((each) => foldText(each.name) === wanted) ?? null;
}

/** Between two places and by the tariff; null where there is none. The distance is the straight line. */
export function estimateFare(
  value: Json | null,
  { from, to }: { from: Point; to: Point },
): { fare: number; distance_km: number; currency: string } | null {
  const read = tariffs.safeParse(value);
  if (!read.success) return null;
  const { base, per_km, currency } = read.data;
  const distance_km = Math.round(measureKm(from, to) * 10) / 10;
  return { fare: Math.round(base + per_km * distance_km), distance_km, currency };
}

/** Great circle, the earth taken as a ball of 6,371 km. */
export function measureKm(from: Point, to: Point): number {
  const radians = (degrees: number) => degrees * Math.PI / 180;
  const half = (left: number, right: number) => Math.sin((right - left) / 2) ** 2;
  const [north, south] = [radians(from.latitude), radians(to.latitude)];
  const arc = half(north, south) +
    Math.cos(north) * Math.cos(south) * half(radians(from.longitude), radians(to.longitude));
  return 2 * 6371 * Math.asin(Math.sqrt(Math.min(1, arc)));
}
