import type { Option } from "../../flows/fields.ts";
import { COVER_NAMES, VEHICLE_NAMES } from "../../insurance/insured_words.ts";

/** Folded words, by which a vehicle and a cover are found in whatever is said. */
export const VEHICLE_OPTIONS: readonly Option[] = [
  {
    value: "motorcycle",
    title: VEHICLE_NAMES.motorcycle,
    words:
      "motorcycle,motorbike,moto,bike,scooter,pikipiki,bodaboda,boda boda,ipikipiki,moto yanjye",
  },
  {
    value: "truck",
    title: VEHICLE_NAMES.truck,
    words: "truck,lorry,camion,poids lourd,lori,ikamyo,fuso,amakamyo",
  },
  {
    value: "car",
    title: VEHICLE_NAMES.car,
    words: "car,vehicle,voiture,auto,vehicule,gari,imodoka,toyota,suv",
  },
];

export const COVER_OPTIONS: readonly Option[] = [
  {
    value: "third_party",
    title: COVER_NAMES.third_party,
    words: "third party,third,basic,au tiers,tiers,mtu wa tatu,ya wengine,ubw abandi,bisanzwe",
  },
  {
    value: "comprehensive",
    title: COVER_NAMES.comprehensive,
    words:
      "comprehensive,full,all risk,all risks,tous risques,complete,bima kubwa,kamili,ubwuzuye,bwuzuye,byose",
  },
];
