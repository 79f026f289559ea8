import type { Hono } from "hono";
import * as z from "zod";
import { FLAGGED_AGENTS, type FlaggedAgent } from "../_shared/domain/rollout/parse_flags.ts";
import { AppError } from "../_shared/errors.ts";
import type { AppContext, AppEnvironment } from "../_shared/http/context.ts";
import { NO_PARAMETERS } from "../_shared/http/parse_query.ts";
import { listAgentSwitches, switchAgent } from "../_shared/services/switch_agent.ts";
import { answerChange, answerRead, type SupervisionDependencies, writtenText } from "./answer.ts";

const switchSchema = z.strictObject({ on: z.boolean(), reason: writtenText(500) });

/**
 * `GET /agents`: each of an organization's agents, on or off and why, for members;
 * `POST /agents/:agent/switch` `{on, reason}`, for admins.
 */
export function addAgentRoutes(app: Hono<AppEnvironment>, options: SupervisionDependencies): void {
  app.get("/agents", (context) =>
    answerRead(context, options, {
      operation: "agent_switch_read",
      query: NO_PARAMETERS,
      work: async (asker) => ({ agents: await listAgentSwitches(options, asker) }),
    }));

  app.post("/agents/:agent/switch", (context) =>
    answerChange(context, options, {
      operation: "agent_switch",
      minimumRole: "admin",
      input: switchSchema,
      work: (asker, change) =>
        switchAgent(options, { ...asker, ...change, agent: readAgent(context) }),
    }));
}

function readAgent(context: AppContext): FlaggedAgent {
  const name = context.req.param("agent") ?? "";
  const agent = FLAGGED_AGENTS.find((known) => known === name);
  if (agent !== undefined) return agent;
  throw new AppError("not_found", `Cannot find agent "${name.slice(0, 100)}": there is none`);
}
