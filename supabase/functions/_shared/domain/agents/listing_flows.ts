import type { Texts } from "../flows/answer.ts";
import { placeField, textField } from "../flows/fields.ts";
import { priceField } from "../flows/price_field.ts";
import { finishWith, type Flow, type Step } from "../flows/flow.ts";
import type { Choice } from "../outbox/outbound_content.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { Language } from "../session/service_menu.ts";
import type { DescribedListing } from "../tools/describe_listing.ts";
import type { ListingDomain } from "../../ports_agents.ts";
import { MATCH_FLOW } from "./match_flow.ts";
import { answerFlow, sayOwnApplications, sayReceived } from "./say_applications.ts";
import { sayListing, sayListings, sayText, taskId } from "./say_listings.ts";
import { keepKnown } from "./search_terms.ts";
import { idStep } from "./shared_steps.ts";
import { LISTING_TEXTS, LISTING_TRIGGERS } from "./shared_texts.ts";

type Domain = ListingDomain & FlaggedAgent;

const { ask_place, error_place, ask_price, error_price, ask_budget, error_text } = LISTING_TEXTS;

export const placeStep: Step = {
  ...placeField(),
  ask: ask_place,
  label: LISTING_TEXTS.place,
  on_error: error_place,
};
export const priceStep: Step = {
  ...priceField(),
  ask: ask_price,
  label: LISTING_TEXTS.price,
  on_error: error_price,
};
export const budgetStep: Step = {
  ...priceField(),
  ask: ask_budget,
  label: LISTING_TEXTS.budget,
  on_error: error_price,
  optional: true,
};
export const descriptionStep: Step = {
  ...textField({ min: 3 }),
  ask: LISTING_TEXTS.ask_description,
  label: LISTING_TEXTS.description,
  on_error: error_text,
};

/** What can be done with one listing: for its owner to close it, for others to answer it. */
export function viewFlow(
  agent: Domain,
  { actions, lines = () => [] }: {
    /** Tasks of the agent that take `listing_id`, by their button's title. */
    actions: { flow: string; title: Texts }[];
    lines?: (listing: DescribedListing, language: Language) => string[];
  },
): Flow {
  return {
    title: LISTING_TEXTS.view,
    triggers: LISTING_TRIGGERS.none,
    steps: { listing_id: idStep },
    confirm: null,
    finish: finishWith({
      tool: "show_listing",
      input: ({ listing_id }) => ({ listing_id: String(listing_id) }),
      say: ({ output: { listing }, language }) => {
        const offered = listing === null || listing.state !== "active"
          ? []
          : listing.is_own
          ? [{ flow: "sold", title: LISTING_TEXTS.sold }]
          : actions;
        return sayListing(listing, {
          language,
          gone: LISTING_TEXTS.gone,
          lines: listing === null ? [] : lines(listing, language),
          actions: offered.map(({ flow, title }): Choice => ({
            id: taskId(agent, flow, { listing_id: listing!.id }),
            title: title[language],
          })),
        });
      },
    }),
  };
}

/** Answering somebody's listing with a message; once confirmed the owner is told. */
export function contactFlow(
  { title, kind, confirm = LISTING_TEXTS.confirm_send, sent = LISTING_TEXTS.sent, steps }: {
    title: Texts;
    kind: "inquiry" | "viewing" | "introduction";
    confirm?: Texts;
    sent?: Texts;
    /** Asked instead of a message; they are told to the owner as they are shown. */
    steps?: { [name: string]: Step };
  },
): Flow {
  const asked = steps ?? {
    note: {
      ...textField({ min: 2, max: 600 }),
      ask: LISTING_TEXTS.ask_note,
      label: LISTING_TEXTS.note,
      on_error: error_text,
      optional: true as const,
    },
  };
  return {
    title,
    triggers: LISTING_TRIGGERS.none,
    steps: { listing_id: idStep, ...asked },
    confirm,
    finish: finishWith({
      tool: "apply_to_listing",
      input: ({ listing_id, note, ...details }) => ({
        listing_id: String(listing_id),
        kind,
        note: typeof note === "string" ? note : null,
        details: keepKnown(details),
      }),
      say: ({ output: { application_id }, language }) => [
        sayText((application_id === null ? LISTING_TEXTS.gone : sent)[language]),
      ],
    }),
  };
}

/** The person's own listings, closing one, and what others sent. */
export function ownerFlows(agent: Domain): { [name: string]: Flow } {
  const mine = (title: Texts, triggers: Texts): Flow => ({
    title,
    triggers,
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "search_listings",
      input: () => ({ domains: [agent], mine: true, limit: 10 }),
      say: ({ output, language }) =>
        sayListings(output.listings, { agent, language, none: LISTING_TEXTS.none_mine }),
    }),
  });
  return {
    mine: mine(LISTING_TEXTS.mine, LISTING_TRIGGERS.mine),
    matches: MATCH_FLOW,
    received: {
      title: LISTING_TEXTS.received,
      triggers: LISTING_TRIGGERS.received,
      steps: {},
      confirm: null,
      finish: finishWith({
        tool: "list_applications",
        input: () => ({ of: "received" as const }),
        say: ({ output, language }) =>
          sayReceived(output.applications, {
            agent,
            language,
            none: LISTING_TEXTS.none_received,
          }),
      }),
    },
    sold: {
      title: LISTING_TEXTS.sold,
      triggers: LISTING_TRIGGERS.none,
      steps: { listing_id: idStep },
      confirm: LISTING_TEXTS.confirm_sold,
      finish: finishWith({
        tool: "update_listing",
        input: ({ listing_id }) => ({ listing_id: String(listing_id), state: "sold" as const }),
        say: ({ language }) => [sayText(LISTING_TEXTS.is_sold[language])],
      }),
    },
    answer: answerFlow({ title: LISTING_TEXTS.answer, confirm: LISTING_TEXTS.confirm_answer }),
  };
}

/** What the person asked others for. */
export function sentFlow(
  agent: Domain,
  { title, triggers, none }: { title: Texts; triggers: Texts; none: Texts },
): Flow {
  return {
    title,
    triggers,
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "list_applications",
      input: () => ({ of: "mine" as const, domain: agent }),
      say: ({ output, language }) => sayOwnApplications(output.applications, { language, none }),
    }),
  };
}
