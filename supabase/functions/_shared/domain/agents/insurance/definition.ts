import { type AgentDefinition, USUAL_LIMITS } from "../agent.ts";
import { INSURANCE_FLOWS } from "./flows.ts";
import { INSURANCE_TEXTS } from "./texts.ts";

/** Insurance of vehicles: what it costs, a policy, how far the request is. */
export const insurance = {
  name: "insurance",
  prompt:
    "You quote insurance for cars, motorcycles and trucks and take requests for policies. Prices come from the quote tool alone. A policy is requested only after the person has said yes to its price.",
  greeting: INSURANCE_TEXTS.greeting,
  tools: ["quote_insurance", "request_policy", "list_policies", "search_knowledge_base"],
  flows: INSURANCE_FLOWS,
  hidden: ["send"],
  usual: "quote",
  limits: USUAL_LIMITS,
} as const satisfies AgentDefinition;
