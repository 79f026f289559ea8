import type { ToolName } from "../tools/registry.ts";
import type { AgentDefinition } from "./agent.ts";

/**
 * An agent as an organization has it: without the tasks that come to a tool which isn't enabled there.
 * @param enabled names of tools; all where there are none
 */
export function narrowAgent(
  agent: AgentDefinition,
  enabled: readonly string[],
): AgentDefinition {
  if (enabled.length === 0) return agent;
  const isEnabled = (name: ToolName) => enabled.includes(name);
  const { usual, otherwise, ...rest } = agent;
  const flows = Object.fromEntries(
    Object.entries(agent.flows).filter(([, { finish }]) => isEnabled(finish.tool)),
  );
  return {
    ...rest,
    tools: agent.tools.filter(isEnabled),
    flows,
    ...(usual !== undefined && usual in flows ? { usual } : {}),
    ...(otherwise !== undefined && isEnabled(otherwise.tool) ? { otherwise } : {}),
  };
}

/** Whether anybody could ask it for anything. */
export function hasTasks({ flows, hidden = [] }: AgentDefinition): boolean {
  return Object.keys(flows).some((name) => !hidden.includes(name));
}
