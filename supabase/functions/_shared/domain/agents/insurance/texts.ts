import type { Texts } from "../../flows/answer.ts";

/** Everything the insurance agent says of its own, in the order of its tasks. */
export const INSURANCE_TEXTS = {
  greeting: {
    en: "Insurance: what would you like to do?",
    fr: "Assurance : que voulez-vous faire ?",
    sw: "Bima: ungependa kufanya nini?",
    rw: "Ubwishingizi: murifuza gukora iki?",
  },
  quote: { en: "Get a quote", fr: "Obtenir un devis", sw: "Pata bei", rw: "Menya igiciro" },
  request: {
    en: "Request a policy",
    fr: "Demander une police",
    sw: "Omba bima",
    rw: "Saba ubwishingizi",
  },
  status: { en: "My requests", fr: "Mes demandes", sw: "Maombi yangu", rw: "Ubusabe bwanjye" },
  ask_vehicle: {
    en: "What would you like to insure?",
    fr: "Que voulez-vous assurer ?",
    sw: "Ungependa kukatia bima nini?",
    rw: "Murifuza kwishingira iki?",
  },
  vehicle: { en: "Vehicle", fr: "Véhicule", sw: "Chombo", rw: "Ikinyabiziga" },
  error_vehicle: {
    en: "I can quote a car, a motorcycle or a truck.",
    fr: "Je peux chiffrer une voiture, une moto ou un camion.",
    sw: "Ninaweza kutoa bei ya gari, pikipiki au lori.",
    rw: "Nshobora gutanga igiciro cy'imodoka, moto cyangwa ikamyo.",
  },
  ask_cover: {
    en: "Which cover? Third party pays for damage to others, comprehensive for yours as well.",
    fr:
      "Quelle couverture ? Au tiers couvre les dommages aux autres, tous risques aussi les vôtres.",
    sw: "Bima ipi? Ya mtu wa tatu hulipa madhara ya wengine, kamili hulipa pia ya kwako.",
    rw: "Ubuhe bwishingizi? Ubw'abandi bwishyura ibyangiritse by'abandi, ubwuzuye n'ibyawe.",
  },
  cover: { en: "Cover", fr: "Couverture", sw: "Aina ya bima", rw: "Ubwoko" },
  error_cover: {
    en: "Please choose third party or comprehensive.",
    fr: "Choisissez au tiers ou tous risques.",
    sw: "Tafadhali chagua ya mtu wa tatu au kamili.",
    rw: "Hitamo ubw'abandi cyangwa ubwuzuye.",
  },
  per_year: { en: "a year", fr: "par an", sw: "kwa mwaka", rw: "ku mwaka" },
  no_price: {
    en: "There is no price for it at the moment.",
    fr: "Il n'y a pas de tarif pour le moment.",
    sw: "Hakuna bei kwa sasa.",
    rw: "Nta giciro gihari ubu.",
  },
  ask_plate: {
    en: "What is the registration number?",
    fr: "Quel est le numéro de plaque ?",
    sw: "Namba ya usajili ni ipi?",
    rw: "Nimero ya pulake ni iyihe?",
  },
  plate: { en: "Registration", fr: "Plaque", sw: "Namba", rw: "Pulake" },
  error_plate: {
    en: "I need a registration number, such as RAB 123 C.",
    fr: "Il me faut un numéro de plaque, par exemple RAB 123 C.",
    sw: "Nahitaji namba ya usajili, kama RAB 123 C.",
    rw: "Nkeneye nimero ya pulake, nka RAB 123 C.",
  },
  price: { en: "Price a year", fr: "Prix par an", sw: "Bei kwa mwaka", rw: "Igiciro ku mwaka" },
  confirm: {
    en: "Request this policy?",
    fr: "Demander cette police ?",
    sw: "Niombe bima hii?",
    rw: "Nsabe ubu bwishingizi?",
  },
  new_price: {
    en: "The price is another one:",
    fr: "Le prix est différent :",
    sw: "Bei ni nyingine:",
    rw: "Igiciro ni ikindi:",
  },
  requested: {
    en: "Your request is sent. You'll hear from us; write MY REQUESTS to see how far it is.",
    fr: "Votre demande est envoyée. Écrivez MES DEMANDES pour la suivre.",
    sw: "Ombi lako limetumwa. Andika MAOMBI YANGU kuona lilipofikia.",
    rw: "Ubusabe bwawe bwoherejwe. Andika UBUSABE BWANJYE urebe aho bugeze.",
  },
  none: {
    en: "You haven't requested a policy yet.",
    fr: "Vous n'avez encore rien demandé.",
    sw: "Hujaomba bima yoyote bado.",
    rw: "Nta bwishingizi urasaba.",
  },
  state_requested: {
    en: "being looked at",
    fr: "en cours d'examen",
    sw: "inashughulikiwa",
    rw: "birimo kwigwaho",
  },
  state_issued: { en: "issued", fr: "émise", sw: "imetolewa", rw: "bwatanzwe" },
  state_declined: { en: "declined", fr: "refusée", sw: "imekataliwa", rw: "bwanzwe" },
} satisfies { [name: string]: Texts };
