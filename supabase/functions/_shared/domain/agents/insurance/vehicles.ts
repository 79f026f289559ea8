import type { Option } from "../../flows/fields.ts";

/** Folded words, by which a vehicle and a cover are found in whatever is said. */
export const VEHICLE_OPTIONS: readonly Option[] = [
  {
    value: "motorcycle",
    title: { en: "Motorcycle", fr: "Moto", sw: "Pikipiki", rw: "Moto" },
    words:
      "motorcycle,motorbike,moto,bike,scooter,pikipiki,bodaboda,boda boda,ipikipiki,moto yanjye",
  },
  {
    value: "truck",
    title: { en: "Truck", fr: "Camion", sw: "Lori", rw: "Ikamyo" },
    words: "truck,lorry,camion,poids lourd,lori,ikamyo,fuso,amakamyo",
  },
  {
    value: "car",
    title: { en: "Car", fr: "Voiture", sw: "Gari", rw: "Imodoka" },
    words: "car,vehicle,voiture,auto,vehicule,gari,imodoka,toyota,suv",
  },
];

export const COVER_OPTIONS: readonly Option[] = [
  {
    value: "third_party",
    title: { en: "Third party", fr: "Au tiers", sw: "Mtu wa tatu", rw: "Ubw'abandi" },
    words: "third party,third,basic,au tiers,tiers,mtu wa tatu,ya wengine,ubw abandi,bisanzwe",
  },
  {
    value: "comprehensive",
    title: { en: "Comprehensive", fr: "Tous risques", sw: "Kamili", rw: "Ubwuzuye" },
    words:
      "comprehensive,full,all risk,all risks,tous risques,complete,bima kubwa,kamili,ubwuzuye,bwuzuye,byose",
  },
];
