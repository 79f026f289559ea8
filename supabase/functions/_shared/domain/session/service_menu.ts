import type { Language } from "../choose_language.ts";
import type { OutboundContent } from "../outbox/outbound_content.ts";
import { FLAGGED_AGENTS, type FlaggedAgent } from "../rollout/parse_flags.ts";

export { chooseLanguage, type Language, LANGUAGES } from "../choose_language.ts";

type Words = {
  text: string;
  button: string;
  stopped: string;
  resumed: string;
  services: { [Agent in FlaggedAgent]: { title: string; description: string } };
};

const WORDS: { [L in Language]: Words } = {
  en: {
    text: "Welcome! How can I help you? Choose a service.",
    button: "Services",
    stopped:
      "You won't get messages that we start any more. Write START to get them again. You can still write to us at any time.",
    resumed: "Welcome back! You'll get our messages again. Write STOP to end them.",
    services: {
      marketplace: { title: "Marketplace", description: "Buy and sell goods and services" },
      jobs: { title: "Jobs", description: "Find work or post a job" },
      property: { title: "Property", description: "Rent, buy or list a home" },
      farmer: { title: "Farming", description: "Sell produce, find buyers and prices" },
      waiter: { title: "Restaurants", description: "See menus, order and reserve a table" },
      insurance: { title: "Insurance", description: "A quote for your car, motorcycle or truck" },
      rides: { title: "Rides", description: "Offer or find a ride" },
      sales: { title: "Sales", description: "Questions about products, or a call back" },
      business_broker: { title: "Businesses for sale", description: "Buy or sell a business" },
      support: { title: "Help", description: "Ask a question or talk to a person" },
    },
  },
  fr: {
    text: "Bienvenue ! Comment puis-je vous aider ? Choisissez un service.",
    button: "Services",
    stopped:
      "Vous ne recevrez plus les messages que nous envoyons de nous-mêmes. Écrivez COMMENCER pour les recevoir à nouveau. Vous pouvez toujours nous écrire.",
    resumed:
      "Ravi de vous revoir ! Vous recevrez à nouveau nos messages. Écrivez STOP pour les arrêter.",
    services: {
      marketplace: { title: "Marché", description: "Acheter et vendre des biens et services" },
      jobs: { title: "Emplois", description: "Trouver un travail ou publier une offre" },
      property: { title: "Immobilier", description: "Louer, acheter ou proposer un logement" },
      farmer: {
        title: "Agriculture",
        description: "Vendre ses récoltes, trouver acheteurs et prix",
      },
      waiter: { title: "Restaurants", description: "Voir les menus, commander, réserver" },
      insurance: { title: "Assurance", description: "Un devis pour voiture, moto ou camion" },
      rides: { title: "Trajets", description: "Proposer ou trouver un trajet" },
      sales: { title: "Ventes", description: "Questions sur les produits, ou un rappel" },
      business_broker: {
        title: "Entreprises à vendre",
        description: "Acheter ou vendre une entreprise",
      },
      support: { title: "Aide", description: "Poser une question, parler à quelqu'un" },
    },
  },
  sw: {
    text: "Karibu! Nikusaidie vipi? Chagua huduma.",
    button: "Huduma",
    stopped:
      "Hutapokea tena ujumbe tunaoanzisha. Andika ANZA kuupokea tena. Unaweza kutuandikia wakati wowote.",
    resumed: "Karibu tena! Utapokea ujumbe wetu tena. Andika STOP kuusitisha.",
    services: {
      marketplace: { title: "Soko", description: "Nunua na uuze bidhaa na huduma" },
      jobs: { title: "Kazi", description: "Tafuta kazi au tangaza kazi" },
      property: { title: "Nyumba", description: "Kodi, nunua au tangaza nyumba" },
      farmer: { title: "Kilimo", description: "Uza mazao, pata wanunuzi na bei" },
      waiter: { title: "Migahawa", description: "Ona menyu, agiza na weka nafasi" },
      insurance: { title: "Bima", description: "Bei ya bima ya gari, pikipiki au lori" },
      rides: { title: "Usafiri", description: "Toa au tafuta usafiri" },
      sales: { title: "Mauzo", description: "Maswali kuhusu bidhaa, au upigiwe simu" },
      business_broker: { title: "Biashara zinazouzwa", description: "Nunua au uza biashara" },
      support: { title: "Msaada", description: "Uliza swali au zungumza na mtu" },
    },
  },
  rw: {
    text: "Murakaza neza! Nabafasha iki? Hitamo serivisi.",
    button: "Serivisi",
    stopped:
      "Ntimuzongera kubona ubutumwa dutangiza. Andika TANGIRA kugira ngo mwongere kububona. Mushobora kutwandikira igihe cyose.",
    resumed: "Murakaza neza nanone! Muzongera kubona ubutumwa bwacu. Andika STOP kubuhagarika.",
    services: {
      marketplace: { title: "Isoko", description: "Gura kandi ugurishe ibicuruzwa na serivisi" },
      jobs: { title: "Akazi", description: "Shaka akazi cyangwa utange akazi" },
      property: { title: "Inzu n'ubutaka", description: "Kodesha, gura cyangwa wamamaze inzu" },
      farmer: { title: "Ubuhinzi", description: "Gurisha umusaruro, menya abaguzi n'ibiciro" },
      waiter: { title: "Resitora", description: "Reba ibyo kurya, tumiza, bika umwanya" },
      insurance: { title: "Ubwishingizi", description: "Igiciro cy'imodoka, moto cyangwa ikamyo" },
      rides: { title: "Ingendo", description: "Tanga cyangwa ushake urugendo" },
      sales: { title: "Ubucuruzi", description: "Baza ku bicuruzwa cyangwa uhamagarwe" },
      business_broker: {
        title: "Ubucuruzi bugurishwa",
        description: "Gura cyangwa ugurishe ubucuruzi",
      },
      support: { title: "Ubufasha", description: "Baza ikibazo cyangwa uvugane n'umuntu" },
    },
  },
};

/** What a service is called; null where it is switched off. */
export function nameService(
  language: Language,
  agent: FlaggedAgent,
  isEnabled: (agent: FlaggedAgent) => boolean,
): string | null {
  return isEnabled(agent) ? WORDS[language].services[agent].title : null;
}

/**
 * The services as a list message; choosing a row answers with `agent:<name>`.
 * @param options.note in place of the welcome, @param options.first the service that comes first
 */
export function buildServiceMenu(
  language: Language,
  isEnabled: (agent: FlaggedAgent) => boolean,
  { note = null, first = null }: { note?: string | null; first?: FlaggedAgent | null } = {},
): OutboundContent & { type: "list" | "text" } {
  const { text: welcome, button, services } = WORDS[language];
  const text = note ?? welcome;
  const rest = FLAGGED_AGENTS.filter((agent) => agent !== first);
  const agents = first === null ? rest : [first, ...rest];
  const rows = agents.filter(isEnabled).map((agent) => ({
    id: `agent:${agent}`,
    ...services[agent],
  }));
  // A list without rows is refused.
  if (rows.length === 0) return { type: "text", content: { text } };
  return { type: "list", content: { text, button, sections: [{ rows }] } };
}

/** What a service is for, in a few words of the menu. */
export function describeService(language: Language, agent: FlaggedAgent): string {
  const { title, description } = WORDS[language].services[agent];
  return `${title}: ${description}`;
}

export function writeOptText(language: Language, state: "opted_out" | "opted_in"): string {
  return state === "opted_out" ? WORDS[language].stopped : WORDS[language].resumed;
}
