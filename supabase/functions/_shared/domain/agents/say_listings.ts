import { formatNumber } from "../flows/fields.ts";
import type { Choice, OutboundContent } from "../outbox/outbound_content.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { Language } from "../session/service_menu.ts";
import type { DescribedListing } from "../tools/describe_listing.ts";
import type { Texts } from "../flows/answer.ts";

const WORDS = {
  en: {
    found: "Found",
    choose: "See",
    away: "km away",
    per: "per",
    more: "Choose one to see more.",
  },
  fr: {
    found: "Trouvé",
    choose: "Voir",
    away: "km d'ici",
    per: "par",
    more: "Choisissez pour en voir plus.",
  },
  sw: {
    found: "Nimepata",
    choose: "Ona",
    away: "km kutoka hapa",
    per: "kwa",
    more: "Chagua moja kuona zaidi.",
  },
  rw: {
    found: "Nabonye",
    choose: "Reba",
    away: "km uvuye aho uri",
    per: "kuri",
    more: "Hitamo kimwe urebe ibindi.",
  },
} satisfies { [L in Language]: { [key: string]: string } };

/** What a price is for; units that everybody writes alike are left as they are. */
export const PRICE_UNITS: { [unit: string]: Texts } = {
  month: { en: "month", fr: "mois", sw: "mwezi", rw: "ukwezi" },
  hour: { en: "hour", fr: "heure", sw: "saa", rw: "isaha" },
  day: { en: "day", fr: "jour", sw: "siku", rw: "umunsi" },
  seat: { en: "seat", fr: "place", sw: "kiti", rw: "umwanya" },
  sack: { en: "sack", fr: "sac", sw: "gunia", rw: "umufuka" },
  piece: { en: "piece", fr: "pièce", sw: "kipande", rw: "igice" },
};

/** The id of a row or button that begins a task of an agent with something known already. */
export function taskId(
  agent: FlaggedAgent,
  flow: string,
  known: { [step: string]: string } = {},
): string {
  const data = Object.entries(known).map(([step, value]) => `${step}=${value}`).join("&");
  return `do:${agent}:${flow}${data === "" ? "" : `:${data}`}`;
}

/**
 * What a search found as a list, each row beginning the task `view`; a sentence where nothing was found.
 */
export function sayListings(
  listings: readonly DescribedListing[],
  { agent, language, none, view = "view" }: {
    agent: FlaggedAgent;
    language: Language;
    none: Texts;
    view?: string;
  },
): OutboundContent[] {
  if (listings.length === 0) return [sayText(none[language])];
  const words = WORDS[language];
  const rows = listings.slice(0, 10).map((listing): Choice => ({
    id: taskId(agent, view, { listing_id: listing.id }),
    title: listing.title,
    description: describeShortly(listing, language),
  }));
  return [{
    type: "list",
    content: {
      text: `${words.found}: ${listings.length}. ${words.more}`,
      button: words.choose,
      sections: [{ rows }],
    },
  }];
}

/** "200,000 RWF per month · Kigali · 2.3 km away" */
export function describeShortly(listing: DescribedListing, language: Language): string {
  const { price, place, distance_km } = listing;
  const words = WORDS[language];
  return [
    price === null ? "" : sayPrice(listing, language),
    place ?? "",
    distance_km === null ? "" : `${distance_km} ${words.away}`,
  ].filter(Boolean).join(" · ");
}

export function sayPrice(
  { price, currency, price_unit }: Pick<DescribedListing, "price" | "currency" | "price_unit">,
  language: Language,
): string {
  if (price === null) return "";
  const unit = price_unit === null
    ? ""
    : ` ${WORDS[language].per} ${PRICE_UNITS[price_unit]?.[language] ?? price_unit}`;
  return `${formatNumber(price)} ${currency}${unit}`;
}

/** Whether somebody else's offer can be asked for: what people look for is nothing to apply to. */
export function isOpenOffer(listing: DescribedListing | null): listing is DescribedListing {
  return listing !== null && !listing.is_own && listing.state === "active" &&
    listing.side === "offer";
}

/** One listing whole, with what can be done about it. */
export function sayListing(
  listing: DescribedListing | null,
  { language, gone, lines = [], actions }: {
    language: Language;
    gone: Texts;
    lines?: string[];
    actions: Choice[];
  },
): OutboundContent[] {
  if (listing === null) return [sayText(gone[language])];
  const text = [
    `*${listing.title}*`,
    listing.description,
    ...lines,
    describeShortly(listing, language),
  ].filter(Boolean).join("\n");
  if (actions.length === 0) return [sayText(text)];
  return [{ type: "buttons", content: { text, buttons: actions } }];
}

export function sayText(text: string): OutboundContent {
  return { type: "text", content: { text } };
}
