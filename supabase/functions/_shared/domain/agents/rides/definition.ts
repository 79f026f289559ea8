import { type AgentDefinition, USUAL_LIMITS } from "../agent.ts";
import { RIDES_FLOWS } from "./flows.ts";
import { RIDES_TEXTS } from "./texts.ts";

/** Rides that people offer and look for, and what a ride costs. */
export const rides = {
  name: "rides",
  prompt:
    "You help people offer rides, find them by place and time, and estimate fares. Fares come from the tool alone. A ride is published and a seat asked for only after the person has said yes; numbers are shared only once the driver accepts.",
  greeting: RIDES_TEXTS.greeting,
  tools: [
    "find_rides",
    "list_ride",
    "ask_for_seat",
    "estimate_fare",
    "show_listing",
    "list_applications",
    "answer_application",
    "list_matches",
  ],
  flows: RIDES_FLOWS,
  hidden: ["view", "ask", "want", "answer"],
  usual: "find",
  limits: USUAL_LIMITS,
} as const satisfies AgentDefinition;
