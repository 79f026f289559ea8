import { type AgentDefinition, USUAL_LIMITS } from "../agent.ts";
import { SUPPORT_FLOWS } from "./flows.ts";
import { SUPPORT_TEXTS } from "./texts.ts";

/** Where everything begins: questions, problems, a person. */
export const support = {
  name: "support",
  prompt:
    "You help people with questions and problems. Search the documents before you answer, name the source, and say so where they say nothing. Offer a ticket for a problem and a person where nothing else helps.",
  greeting: SUPPORT_TEXTS.greeting,
  tools: [
    "search_knowledge_base",
    "get_business_hours",
    "open_ticket",
    "list_tickets",
    "hand_over",
  ],
  flows: SUPPORT_FLOWS,
  usual: "question",
  limits: USUAL_LIMITS,
} as const satisfies AgentDefinition;
