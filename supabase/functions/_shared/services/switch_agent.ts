import { FLAGGED_AGENTS, type FlaggedAgent } from "../domain/rollout/parse_flags.ts";
import type { AgentSwitch, SupervisionStore } from "../ports_supervision.ts";
import { refuseSupervision } from "./refuse_supervision.ts";

const ON: Omit<AgentSwitch, "agent"> = {
  state: "on",
  consecutive_failures: 0,
  last_error: null,
  last_failed_at: null,
  switched_off_at: null,
  switched_on_at: null,
  reason: null,
};

/** Every agent of an organization, on or off and why. @throws AppError `forbidden` */
export async function listAgentSwitches(
  { supervision }: { supervision: Pick<SupervisionStore, "listAgentSwitches"> },
  { orgId, userId }: { orgId: string; userId: string },
): Promise<AgentSwitch[]> {
  const listed = await supervision.listAgentSwitches({ org_id: orgId, user_id: userId });
  if (listed.code !== "listed") throw refuseSupervision("list the agents", listed);
  return FLAGGED_AGENTS.map((agent) =>
    listed.switches.find((known) => known.agent === agent) ?? { agent, ...ON }
  );
}

/** Switched on, an agent's failures count from the start. @throws AppError `forbidden` */
export async function switchAgent(
  { supervision }: { supervision: Pick<SupervisionStore, "switchAgent"> },
  { orgId, userId, requestId, agent, on, reason }: {
    orgId: string;
    userId: string;
    requestId: string;
    agent: FlaggedAgent;
    on: boolean;
    reason: string;
  },
): Promise<{ agent: string; state: "on" | "off" }> {
  const switched = await supervision.switchAgent({
    org_id: orgId,
    user_id: userId,
    request_id: requestId,
    agent,
    on,
    reason,
  });
  if (switched.code !== "switched") throw refuseSupervision(`switch agent "${agent}"`, switched);
  return { agent: switched.agent, state: switched.state };
}
