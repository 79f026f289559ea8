import { type AgentDefinition, USUAL_LIMITS } from "../agent.ts";
import { MARKETPLACE_FLOWS } from "./flows.ts";
import { MARKETPLACE_TEXTS } from "./texts.ts";

/** Goods and services that people sell and look for. */
export const marketplace = {
  name: "marketplace",
  prompt:
    "You help people buy and sell goods and services: search by words, category, price and distance, publish an offer or a wish, ask the seller, mark what was sold. Search before you say that there is nothing.",
  greeting: MARKETPLACE_TEXTS.greeting,
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
  flows: MARKETPLACE_FLOWS,
  hidden: ["view", "contact", "answer", "sold"],
  usual: "search",
  limits: USUAL_LIMITS,
} as const satisfies AgentDefinition;
