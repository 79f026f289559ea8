import { type AgentDefinition, USUAL_LIMITS } from "../agent.ts";
import { JOBS_FLOWS } from "./flows.ts";
import { JOBS_TEXTS } from "./texts.ts";

/** Work that is looked for, offered and applied to. */
export const jobs = {
  name: "jobs",
  prompt:
    "You help people find work, apply for it, post jobs and answer applicants. Search before you say that there is nothing. An application or a job is sent only after the person has said yes to it.",
  greeting: JOBS_TEXTS.greeting,
  tools: [
    "search_listings",
    "show_listing",
    "create_listing",
    "apply_to_listing",
    "list_applications",
    "answer_application",
    "list_matches",
  ],
  flows: JOBS_FLOWS,
  hidden: ["view", "apply", "answer"],
  usual: "search",
  limits: USUAL_LIMITS,
} as const satisfies AgentDefinition;
