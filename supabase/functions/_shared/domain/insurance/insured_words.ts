import type { Texts } from "../flows/answer.ts";
import type { COVERS, VEHICLES } from "./quote.ts";

/** What is insured, and how, in words. */
export const VEHICLE_NAMES: { [Vehicle in typeof VEHICLES[number]]: Texts } = {
  car: { en: "Car", fr: "Voiture", sw: "Gari", rw: "Imodoka" },
  motorcycle: { en: "Motorcycle", fr: "Moto", sw: "Pikipiki", rw: "Moto" },
  truck: { en: "Truck", fr: "Camion", sw: "Lori", rw: "Ikamyo" },
};
export const COVER_NAMES: { [Cover in typeof COVERS[number]]: Texts } = {
  third_party: { en: "Third party", fr: "Au tiers", sw: "Mtu wa tatu", rw: "Ubw'abandi" },
  comprehensive: { en: "Comprehensive", fr: "Tous risques", sw: "Kamili", rw: "Ubwuzuye" },
};
