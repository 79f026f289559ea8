import type { BehaviorChanges } from "../domain/behavior/behavior_columns.ts";
import type { BehaviorInput, BehaviorNotice } from "../domain/behavior/parse_behavior.ts";
import { AGENT_ROLES, type JsonObject } from "../ports.ts";
import type { AgentChanges, AgentStore, IfMatch } from "../ports_voice_agents.ts";
import { chooseVoices } from "./choose_voices.ts";
import type { RebindPorts } from "./rebind_number.ts";
import { type ChangeAnswer, syncChangedAgents } from "./sync_changed_agents.ts";

export type BehaviorAnswer = ChangeAnswer & {
  notices?: BehaviorNotice[];
};

/** Of choosing a voice while others change the same agent; each fails only because one succeeded. */
const ATTEMPTS = 20;

/**
 * Stores what the agents should be, field by field, and pushes it. An agent that doesn't exist is
 * made. What can't be pushed now is stored all the same, and the worker goes on with it.
 * @throws AppError `invalid_input` for a voice that its provider doesn't have, and what
 *   `syncChangedAgents` throws
 */
export async function updateAgentBehavior(
  ports: RebindPorts & { behavior: Pick<AgentStore, "updateAgentBehavior"> },
  { orgId, userId, requestId, input, ifMatch }: {
    orgId: string;
    userId: string;
    requestId: string;
    input: BehaviorInput;
    ifMatch: IfMatch;
  },
): Promise<BehaviorAnswer> {
  ports.logger.info("Agent behavior update received", {
    fields: Object.fromEntries(
      Object.entries(input.names).map(([role, names]) => [role, Object.keys(names)]),
    ),
  });
  for (let attempt = 1;; attempt++) {
    const { changes, notices, seen } = await chooseVoices(ports, { orgId, input });
    const stored = await ports.behavior.updateAgentBehavior({
      org_id: orgId,
      user_id: userId,
      request_id: requestId,
      if_match: Object.keys(seen).length === 0 ? ifMatch : { ...seen, ...ifMatch },
      reason: null,
      changes: describeChanges(changes),
    });
    // A voice is chosen against its provider, or the other way round, that was there a moment ago.
    const isStale = stored.code === "revision_mismatch" && ifMatch?.[stored.role] === undefined;
    if (isStale && attempt < ATTEMPTS) continue;
    const answer = await syncChangedAgents(ports, stored, {
      orgId,
      requestId,
      action: "update the agents",
    });
    return notices.length === 0 ? answer : { ...answer, notices };
  }
}

function describeChanges(changes: BehaviorChanges): AgentChanges {
  const described: AgentChanges = {};
  for (const role of AGENT_ROLES) {
    const change = changes[role];
    if (change === undefined) continue;
    described[role] = { set: change.set as JsonObject, reset: [...change.reset] };
  }
  return described;
}
