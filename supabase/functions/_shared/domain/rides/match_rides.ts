import type { Listing, Place } from "../../ports_agents.ts";
import { foldText } from "../fold_text.ts";
import { measureKm } from "./fare.ts";

/** So far from where somebody wants to go, and so long before or after, still is the same journey. */
const NEAR_KM = 15;
const NEAR_MILLISECONDS = 3 * 3_600_000;

export type WantedRide = {
  to: Place;
  date: string | null;
  /** ISO; null where any time of the day will do. */
  departs_at: string | null;
};

/** The rides that go there then and haven't left, the nearest in time first. */
export function matchRides(
  listings: readonly Listing[],
  { to, date, departs_at }: WantedRide,
  now: number,
): Listing[] {
  const wanted = departs_at === null ? null : Date.parse(departs_at);
  const away = (listing: Listing) => Math.abs(readDeparture(listing) - (wanted ?? now));
  return listings
    .filter((listing) => {
      const departs = readDeparture(listing);
      if (listing.is_own || listing.state !== "active" || !(departs > now)) return false;
      if (!goesTo(listing, to)) return false;
      if (wanted !== null) return Math.abs(departs - wanted) <= NEAR_MILLISECONDS;
      return date === null || listing.attributes["date"] === date;
    })
    .toSorted((left, right) => away(left) - away(right));
}

function readDeparture({ attributes: { departs_at } }: Listing): number {
  return typeof departs_at === "string" ? Date.parse(departs_at) : NaN;
}

function goesTo({ attributes }: Listing, to: Place): boolean {
  const { to: name, to_latitude: latitude, to_longitude: longitude } = attributes;
  if (typeof name === "string" && to.name !== null && foldText(name) === foldText(to.name)) {
    return true;
  }
  if (
    typeof latitude !== "number" || typeof longitude !== "number" ||
    to.latitude === null || to.longitude === null
  ) return false;
  return measureKm({ latitude, longitude }, { latitude: to.latitude, longitude: to.longitude }) <=
    NEAR_KM;
}
