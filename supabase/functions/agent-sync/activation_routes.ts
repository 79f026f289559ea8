import type { Hono } from "hono";
import * as z from "zod";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import { AGENT_ROLES } from "../_shared/ports.ts";
import { activateAgent } from "../_shared/services/activate_agent.ts";
import { pauseAgent } from "../_shared/services/pause_agent.ts";
import { answerChange, type RouteOptions } from "./answer_change.ts";

const pauseSchema = z.strictObject({ role: z.enum(AGENT_ROLES) });
/** Without a mode the agent keeps the one it had, which is limited at first. */
const activateSchema = pauseSchema.extend({
  mode: z.enum(["limited", "full"]).nullish(),
});

/** `POST /activate` puts an agent into service, `POST /pause` takes it out. */
export function addActivationRoutes(
  app: Hono<AppEnvironment>,
  options: RouteOptions,
): void {
  app.post("/activate", (context) =>
    answerChange(context, options, {
      operation: "agent_activation",
      read: async (request) =>
        parseWith(
          activateSchema,
          await readJsonBody(request),
          "activate the agent",
        ),
      work: (ports, input, asker) =>
        activateAgent(ports, { ...asker, ...input, mode: input.mode ?? null }),
    }));

  app.post("/pause", (context) =>
    answerChange(context, options, {
      operation: "agent_activation",
      read: async (request) =>
        parseWith(pauseSchema, await readJsonBody(request), "pause the agent"),
      work: (ports, input, asker) => pauseAgent(ports, { ...asker, ...input }),
    }));
}
