import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { AgentDefinition } from "./agent.ts";
import { jobs } from "./jobs/definition.ts";

/** Every agent by the name that flags know it by. A new one is a folder here and a line here. */
export const AGENTS = { jobs } satisfies {
  [Name in FlaggedAgent]?: AgentDefinition & { name: Name };
};
