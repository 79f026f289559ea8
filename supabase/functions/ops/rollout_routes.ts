import type { Hono } from "hono";
import * as z from "zod";
import { planSchema } from "../_shared/domain/rollout/parse_plan.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import type { ConfigStore, RolloutStore } from "../_shared/ports_rollout.ts";
import { describeRollout } from "../_shared/services/describe_rollout.ts";
import { steerRollout } from "../_shared/services/steer_rollout.ts";
import { describeTier, steerTier, type Tier, TIERS } from "../_shared/services/steer_tier.ts";
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

const tierActionSchema = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("set"), percent: z.number().min(0).max(100), ...signature }),
  z.strictObject({ action: z.enum(["advance", "rollback"]), ...signature }),
]);
const rolloutQuery = z.strictObject({
  tier: z.enum(Object.keys(TIERS) as [Tier, ...Tier[]]).optional(),
});

/**
 * `GET /rollout`: stage, measures, verdict, plan and the stages so far. `POST /rollout`
 * `{action: set|advance|rollback|pause|resume|plan, percent?, plan?, reason, actor?}` does it and
 * answers the same. With `?tier=workspace|agent|knowledge|vapi` both are about that tier: its stage by
 * `tier_rollout_plan`, since when, when the next is due; `set`, `advance` or `rollback`. For operators with a secret key: the rollout is all organizations'.
 */
export function addRolloutRoutes(
  app: Hono<AppEnvironment>,
  { requireSecretKey, ...ports }: RolloutDependencies,
): void {
  app.get("/rollout", async (context) => {
    requireSecretKey(context.req.raw);
    const { tier } = parseQuery(rolloutQuery, context, "read the rollout");
    context.header("cache-control", "no-store");
    if (tier !== undefined) return context.json(await describeTier(ports, tier));
    return context.json(await describeRollout(ports));
  });

  app.post("/rollout", async (context) => {
    requireSecretKey(context.req.raw);
    const { tier } = parseQuery(rolloutQuery, context, "steer the rollout");
    const body = await readJsonBody(context.req.raw);
    const { requestId } = context.var;
    if (tier !== undefined) {
      const { actor, ...steering } = parseWith(tierActionSchema, body, "steer the tier");
      await steerTier(ports, tier, { ...steering, actor: nameActor(actor) });
      return context.json({ success: true, requestId, ...await describeTier(ports, tier) });
    }
    const { actor, ...steering } = parseWith(actionSchema, body, "steer the rollout");
    await steerRollout(ports, { ...steering, actor: nameActor(actor) });
    return context.json({ success: true, requestId, ...await describeRollout(ports) });
  });
}
