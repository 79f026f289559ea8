import type { Hono } from "hono";
import * as z from "zod";
import { planSchema } from "../_shared/domain/rollout/parse_plan.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import type { ConfigStore, RolloutStore } from "../_shared/ports_rollout.ts";
import { describeRollout } from "../_shared/services/describe_rollout.ts";
import { steerRollout } from "../_shared/services/steer_rollout.ts";
import { nameActor, signature } from "./identify_operator.ts";

export type RolloutDependencies = {
  /** Throws AppError `unauthenticated`. */
  requireSecretKey: (request: Request) => void;
  rollout: RolloutStore;
  config: ConfigStore;
};

const actionSchema = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("set"), percent: z.int().min(0).max(100), ...signature }),
  z.strictObject({
    action: z.enum(["advance", "rollback", "pause", "resume"]),
    ...signature,
  }),
  z.strictObject({ action: z.literal("plan"), plan: planSchema, ...signature }),
]);

/**
 * `GET /rollout`: stage, measures, verdict, plan and the stages so far. `POST /rollout`
 * `{action: set|advance|rollback|pause|resume|plan, percent?, plan?, reason, actor?}` does it and
 * answers the same. For operators with a secret key: the rollout is all organizations'.
 */
export function addRolloutRoutes(
  app: Hono<AppEnvironment>,
  { requireSecretKey, ...ports }: RolloutDependencies,
): void {
  app.get("/rollout", async (context) => {
    requireSecretKey(context.req.raw);
    parseQuery(NO_PARAMETERS, context, "read the rollout");
    context.header("cache-control", "no-store");
    return context.json(await describeRollout(ports));
  });

  app.post("/rollout", async (context) => {
    requireSecretKey(context.req.raw);
    parseQuery(NO_PARAMETERS, context, "steer the rollout");
    const body = await readJsonBody(context.req.raw);
    const { actor, ...steering } = parseWith(actionSchema, body, "steer the rollout");
    await steerRollout(ports, { ...steering, actor: nameActor(actor) });
    const { requestId } = context.var;
    return context.json({ success: true, requestId, ...await describeRollout(ports) });
  });
}
