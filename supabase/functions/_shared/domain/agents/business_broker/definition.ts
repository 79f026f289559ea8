import { type AgentDefinition, USUAL_LIMITS } from "../agent.ts";
import { BROKER_FLOWS } from "./flows.ts";
import { BROKER_TEXTS } from "./texts.ts";

/** Businesses that change hands. */
export const businessBroker = {
  name: "business_broker",
  prompt:
    "You bring together people who sell a business and people who look for one. You never give anybody's name or number away: buyer and seller are introduced only when both have agreed.",
  greeting: BROKER_TEXTS.greeting,
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
  flows: BROKER_FLOWS,
  hidden: ["view", "introduce", "answer", "sold"],
  usual: "search",
  limits: USUAL_LIMITS,
} as const satisfies AgentDefinition;
