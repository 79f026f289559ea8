import { type AgentDefinition, USUAL_LIMITS } from "../agent.ts";
import { PROPERTY_FLOWS } from "./flows.ts";
import { PROPERTY_TEXTS } from "./texts.ts";

/** Homes, land and premises to rent and to buy. */
export const property = {
  name: "property",
  prompt:
    "You help people find, rent, buy and list homes, land and premises: ask for rent or sale, bedrooms, budget and place; arrange a viewing or send an inquiry to the owner. Search before you say that there is nothing.",
  greeting: PROPERTY_TEXTS.greeting,
  tools: [
    "search_listings",
    "show_listing",
    "create_listing",
    "update_listing",
    "apply_to_listing",
    "list_applications",
    "answer_application",
    "list_matches",
  ],
  flows: PROPERTY_FLOWS,
  hidden: ["view", "contact", "viewing", "answer", "sold"],
  usual: "search",
  limits: USUAL_LIMITS,
} as const satisfies AgentDefinition;
