import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { LegacyWebhooks } from "./parse_webhooks.ts";

export type ChosenWebhook = { agent: FlaggedAgent | null; url: string };

/**
 * Where a delivery goes: to the agent that all of its messages that are clearly for one are for; else,
 * where none is, to the agent that had this person's last one, so that "yes" reaches whoever asked;
 * else to the default. A delivery goes to one webhook, so that it can stay as it came.
 * @param agents of each message, the one that it is clearly for
 * @returns null where there is no address
 */
export function chooseWebhook(
  webhooks: LegacyWebhooks,
  { agents, recentAgent }: {
    agents: readonly (FlaggedAgent | null)[];
    recentAgent: string | null;
  },
): ChosenWebhook | null {
  const meant = [...new Set(agents.filter((agent) => agent !== null))];
  const wanted = meant.length === 0 ? findAgent(webhooks, recentAgent) : meant;
  const [agent] = wanted;
  const url = wanted.length === 1 && agent !== undefined ? webhooks.agents[agent] : null;
  if (agent !== undefined && url) return { agent, url };
  return webhooks.default === null ? null : { agent: null, url: webhooks.default };
}

/** Whether it has to be known what is meant at all. */
export function hasAgentWebhooks({ agents }: LegacyWebhooks): boolean {
  return Object.values(agents).some((url) => url !== null);
}

function findAgent({ agents }: LegacyWebhooks, name: string | null): FlaggedAgent[] {
  return (Object.keys(agents) as FlaggedAgent[]).filter((agent) => agent === name);
}
