import { CROPS } from "../agents/farmer/crops.ts";
import { COVER_OPTIONS, VEHICLE_OPTIONS } from "../agents/insurance/vehicles.ts";
import { JOB_TYPES } from "../agents/jobs/job_types.ts";
import { GOODS } from "../agents/marketplace/goods.ts";
import { PRICE_UNITS } from "../agents/say_listings.ts";
import { texts } from "../agents/shared_texts.ts";
import type { Texts } from "../flows/answer.ts";
import type { Option } from "../flows/fields.ts";
import { FLAGGED_AGENTS } from "../rollout/parse_flags.ts";
import { type Language, LANGUAGES, nameService } from "../session/service_menu.ts";
import { APPLICATION_WORDS } from "./name_subject.ts";

/** What the arguments of tools that write are called where a person reads them. */
export const ARGUMENT_WORDS: { readonly [name: string]: Texts } = {
  answer: texts("Answer", "Réponse", "Jibu", "Igisubizo"),
  bedrooms: texts("Bedrooms", "Chambres", "Vyumba", "Ibyumba"),
  callback_number: texts("Call back at", "Rappeler au", "Namba ya kupigia", "Nimero yo guhamagara"),
  caller_name: texts("Name", "Nom", "Jina", "Izina"),
  category: texts("Kind", "Catégorie", "Aina", "Ubwoko"),
  cover: texts("Cover", "Couverture", "Aina ya bima", "Ubwoko bw'ubwishingizi"),
  currency: texts("Currency", "Monnaie", "Sarafu", "Ifaranga"),
  date: texts("Day", "Jour", "Siku", "Umunsi"),
  description: texts("Description", "Description", "Maelezo", "Ibisobanuro"),
  domain: texts("Service", "Service", "Huduma", "Serivisi"),
  from: texts("From", "De", "Kutoka", "Kuva"),
  harvest_date: texts("Harvest", "Récolte", "Mavuno", "Isarura"),
  interest: texts("Interest", "Intérêt", "Unachohitaji", "Icyo mushaka"),
  items: texts("Order", "Commande", "Oda", "Ibyatumijwe"),
  kind: texts("What is sent", "Ce qui est envoyé", "Kinachotumwa", "Icyoherezwa"),
  latitude: texts("Latitude", "Latitude", "Latitudo", "Latitude"),
  longitude: texts("Longitude", "Longitude", "Longitudo", "Longitude"),
  message: texts("Message", "Message", "Ujumbe", "Ubutumwa"),
  monthly_revenue: texts(
    "Revenue a month",
    "Chiffre par mois",
    "Mapato kwa mwezi",
    "Yinjiza ku kwezi",
  ),
  name: texts("Name", "Nom", "Jina", "Izina"),
  note: texts("Message", "Message", "Ujumbe", "Ubutumwa"),
  people: texts("People", "Personnes", "Watu", "Abantu"),
  place: texts("Place", "Lieu", "Mahali", "Ahantu"),
  plate: texts("Registration", "Plaque", "Namba ya gari", "Purake"),
  price: texts("Price", "Prix", "Bei", "Igiciro"),
  price_unit: texts("The price is per", "Le prix est par", "Bei ni kwa", "Igiciro ni kuri"),
  problem: texts("Problem", "Problème", "Tatizo", "Ikibazo"),
  purpose: texts("About", "Objet", "Kuhusu", "Impamvu"),
  quantity: texts("Quantity", "Quantité", "Kiasi", "Ingano"),
  reason: texts("Reason", "Motif", "Sababu", "Impamvu"),
  seats: texts("Seats", "Places", "Nafasi", "Imyanya"),
  side: texts("Listing", "Annonce", "Tangazo", "Itangazo"),
  state: texts("State", "État", "Hali", "Uko bimeze"),
  text: texts("Message", "Message", "Ujumbe", "Ubutumwa"),
  time: texts("Time", "Heure", "Saa", "Isaha"),
  title: texts("Title", "Titre", "Kichwa", "Umutwe"),
  to: texts("To", "À", "Kwenda", "Kujya"),
  total: texts("Total", "Total", "Jumla", "Byose hamwe"),
  urgent: texts("Urgent", "Urgent", "Haraka", "Byihutirwa"),
  vehicle: texts("Vehicle", "Véhicule", "Chombo", "Ikinyabiziga"),
  yearly_price: texts("Price a year", "Prix par an", "Bei kwa mwaka", "Igiciro ku mwaka"),
};

const titles = (options: readonly Option[]) =>
  Object.fromEntries(options.map(({ value, title }) => [value, title]));
const truth = {
  true: texts("Yes", "Oui", "Ndiyo", "Yego"),
  false: texts("No", "Non", "Hapana", "Oya"),
};

/** The same for what is chosen from a few; words of one's own stay as they are. */
const VALUE_WORDS: { readonly [name: string]: { readonly [value: string]: Texts } } = {
  answer: {
    accepted: texts("Accept", "Accepter", "Kubali", "Emera"),
    declined: texts("Decline", "Refuser", "Kataa", "Anga"),
  },
  category: {
    ...titles([...JOB_TYPES, ...GOODS, ...CROPS]),
    rent: texts("Rent", "Location", "Kukodi", "Gukodesha"),
    sale: texts("Sale", "Vente", "Kuuza", "Kugurisha"),
  },
  cover: titles(COVER_OPTIONS),
  domain: Object.fromEntries(
    FLAGGED_AGENTS.map((agent) => [
      agent,
      Object.fromEntries(
        LANGUAGES.map((language) => [language, nameService(language, agent, () => true) ?? agent]),
      ) as Texts,
    ]),
  ),
  kind: APPLICATION_WORDS,
  price_unit: PRICE_UNITS,
  side: {
    offer: texts("Offered", "Offre", "Inatolewa", "Bitangwa"),
    request: texts("Wanted", "Recherche", "Inatafutwa", "Birashakwa"),
  },
  state: {
    sold: texts("Sold", "Vendu", "Imeuzwa", "Byagurishijwe"),
    closed: texts("Closed", "Fermée", "Imefungwa", "Byafunzwe"),
  },
  urgent: truth,
  vehicle: titles(VEHICLE_OPTIONS),
};

/** What a model named itself, such as an attribute, stays in its words. */
export function nameArgument(name: string, language: Language): string {
  const known = Object.hasOwn(ARGUMENT_WORDS, name) ? ARGUMENT_WORDS[name] : undefined;
  return known?.[language] ?? name.replaceAll("_", " ");
}

export function nameValue(name: string, value: string, language: Language): string {
  const known = Object.hasOwn(VALUE_WORDS, name) ? VALUE_WORDS[name]! : {};
  return Object.hasOwn(known, value) ? known[value]![language] : value;
}
