import { type AgentDefinition, USUAL_LIMITS } from "../agent.ts";
import { FARMER_FLOWS } from "./flows.ts";
import { FARMER_TEXTS } from "./texts.ts";

/** Produce: who grows it, who buys it, what it costs. */
export const farmer = {
  name: "farmer",
  prompt:
    "You help farmers sell produce and find buyers, buyers find produce, and both know prices from recent offers: crop, quantity, unit, price, place and harvest date. Never guess a price: use guide_price.",
  greeting: FARMER_TEXTS.greeting,
  tools: [
    "search_listings",
    "show_listing",
    "create_listing",
    "update_listing",
    "apply_to_listing",
    "list_applications",
    "answer_application",
    "list_matches",
    "guide_price",
  ],
  flows: FARMER_FLOWS,
  hidden: ["view", "contact", "answer", "sold"],
  usual: "produce",
  limits: USUAL_LIMITS,
} as const satisfies AgentDefinition;
