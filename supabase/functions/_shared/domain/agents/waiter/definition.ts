import { type AgentDefinition, USUAL_LIMITS } from "../agent.ts";
import { WAITER_FLOWS } from "./flows.ts";
import { WAITER_TEXTS } from "./texts.ts";

/** Restaurants: found, read, ordered from, reserved at. */
export const waiter = {
  name: "waiter",
  prompt:
    "You help people find restaurants, read menus, order food and reserve tables. Dishes and prices come from the tools alone. Tell the total before an order; an order or a table is sent only after the person has said yes to it.",
  greeting: WAITER_TEXTS.greeting,
  tools: [
    "search_listings",
    "show_listing",
    "price_order",
    "place_order",
    "reserve_table",
    "cancel_booking",
    "list_applications",
    "answer_application",
  ],
  flows: WAITER_FLOWS,
  hidden: ["view", "order", "send", "reserve", "cancel", "answer"],
  usual: "search",
  limits: USUAL_LIMITS,
} as const satisfies AgentDefinition;
