import type { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../_shared/errors.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import type { ConfigStore } from "../_shared/ports_rollout.ts";
import { nameActor, signature } from "./identify_operator.ts";

export type ConfigDependencies = {
  /** Throws AppError `unauthenticated`. */
  requireSecretKey: (request: Request) => void;
  config: ConfigStore;
};

const historyQuery = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9_]{0,99}$/, "must be a key of app_config").nullable()
    .default(null),
  before: z.guid().nullable().default(null),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const revertSchema = z.strictObject(signature);
const changeId = z.guid();

/**
 * `GET /config/history` (`key`, `before`, `limit`): every change of `app_config` by anybody, and
 * `POST /config/history/:id/revert` `{reason, actor?}` takes one back. For operators.
 */
export function addConfigRoutes(
  app: Hono<AppEnvironment>,
  { requireSecretKey, config }: ConfigDependencies,
): void {
  app.get("/config/history", async (context) => {
    requireSecretKey(context.req.raw);
    const asked = parseQuery(historyQuery, context, "read the history");
    const changes = await config.listConfigHistory(asked);
    context.header("cache-control", "no-store");
    return context.json({
      changes: changes.map((change) => ({
        id: change.id,
        key: change.key,
        operation: change.operation,
        actor: change.actor,
        reason: change.reason,
        before: change.value_before,
        after: change.value_after,
        changedAt: change.changed_at,
      })),
      before: changes.length === asked.limit ? changes.at(-1)?.id ?? null : null,
    });
  });

  app.post("/config/history/:id/revert", async (context) => {
    requireSecretKey(context.req.raw);
    parseQuery(NO_PARAMETERS, context, "revert the change");
    const body = await readJsonBody(context.req.raw);
    const { reason, actor } = parseWith(revertSchema, body, "revert the change");
    const notFound = new AppError(
      "not_found",
      "Cannot revert the change: there is none by this id",
    );
    const given = changeId.safeParse(context.req.param("id"));
    if (!given.success) throw notFound;
    const result = await config.revertConfig({
      history_id: given.data,
      reason,
      user_id: nameActor(actor),
    });
    if (result.code === "not_found") throw notFound;
    const { key, value } = result;
    const { requestId } = context.var;
    return context.json({
      success: true,
      changed: result.code === "reverted",
      key,
      value,
      requestId,
    });
  });
}
