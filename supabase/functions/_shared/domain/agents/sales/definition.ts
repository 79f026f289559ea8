import { type AgentDefinition, USUAL_LIMITS } from "../agent.ts";
import { SALES_FLOWS, SALES_OTHERWISE } from "./flows.ts";
import { SALES_TEXTS } from "./texts.ts";

/** What the organization itself sells: questions, leads, calls back, appointments. */
export const sales = {
  name: "sales",
  prompt:
    "You answer questions about the organization's products from its documents and name the source; you never make up a price. Whoever is interested can leave their wish, be called back or book an appointment, each after they have said yes to it.",
  greeting: SALES_TEXTS.greeting,
  tools: [
    "search_knowledge_base",
    "capture_lead",
    "request_call",
    "cancel_call",
    "find_free_slots",
    "book_appointment",
    "list_appointments",
    "cancel_booking",
  ],
  flows: SALES_FLOWS,
  hidden: ["cancel"],
  usual: "question",
  otherwise: SALES_OTHERWISE,
  limits: USUAL_LIMITS,
} as const satisfies AgentDefinition;
