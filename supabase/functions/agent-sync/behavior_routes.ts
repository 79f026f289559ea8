import type { Hono } from "hono";
import * as z from "zod";
import { behaviorSchema } from "../_shared/domain/behavior/parse_behavior.ts";
import { parseIfMatch } from "../_shared/domain/behavior/parse_if_match.ts";
import { VALUE_SCHEMAS } from "../_shared/domain/behavior/behavior_values.ts";
import { describeProviders, findProvider } from "../_shared/domain/voices/check_voice.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import { AGENT_ROLES } from "../_shared/ports.ts";
import { listVoices } from "../_shared/services/list_voices.ts";
import { updateAgentBehavior } from "../_shared/services/update_agent_behavior.ts";
import { answerChange, answerRead, type RouteOptions } from "./answer_change.ts";

const voicesSchema = z.strictObject({
  provider: z.string().transform((name, context) => {
    const found = findProvider(name);
    if (found !== undefined) return found.provider;
    context.addIssue({ code: "custom", message: describeProviders() });
    return z.NEVER;
  }).optional(),
  language: VALUE_SCHEMAS.language.optional(),
});

/** `POST /behavior` changes what the agents say and how they sound, `GET /voices` how they can. */
export function addBehaviorRoutes(
  app: Hono<AppEnvironment>,
  options: RouteOptions,
): void {
  app.post("/behavior", (context) =>
    answerChange(context, options, {
      operation: "agent_behavior",
      read: async (request) => {
        const input = parseWith(
          behaviorSchema,
          await readJsonBody(request),
          "update the agents",
        );
        const roles = AGENT_ROLES.filter((role) => input.changes[role] !== undefined);
        return {
          input,
          ifMatch: parseIfMatch(request.headers.get("if-match"), roles),
        };
      },
      work: (ports, input, asker) => updateAgentBehavior(ports, { ...asker, ...input }),
    }));

  app.get("/voices", (context) =>
    answerRead(
      context,
      options,
      () => listVoices(parseQuery(voicesSchema, context, "list voices")),
    ));
}
