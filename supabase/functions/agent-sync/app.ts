import type { Hono } from "hono";
import * as z from "zod";
import { authorize } from "../_shared/http/authorize.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readOptionalBody } from "../_shared/http/read_optional_body.ts";
import { respondIdempotently } from "../_shared/http/respond_idempotently.ts";
import { AGENT_ROLES } from "../_shared/ports.ts";
import { readSyncStatus } from "../_shared/services/read_sync_status.ts";
import { syncOnDemand } from "../_shared/services/sync_on_demand.ts";
import { addActivationRoutes } from "./activation_routes.ts";
import { READ_LIMIT, type RouteOptions } from "./answer_change.ts";
import { addBehaviorRoutes } from "./behavior_routes.ts";
import { addHistoryRoutes } from "./history_routes.ts";
import { addOrphanRoutes } from "./orphan_routes.ts";
import { addTemplateRoutes } from "./template_routes.ts";

export type AgentSyncOptions = Omit<AppOptions, "name"> & RouteOptions;

const SYNC_LIMIT = { capacity: 10, refillPerSecond: 1 / 6 };

const syncSchema = z.strictObject({
  roles: z.array(z.enum(AGENT_ROLES)).nonempty()
    .transform((roles) => AGENT_ROLES.filter((role) => roles.includes(role)))
    .default([...AGENT_ROLES]),
  dry_run: z.boolean().default(false),
  force: z.boolean().default(false),
});

/**
 * `POST /sync` pushes both assistants, or the roles given; `GET /status` says how they stand. What
 * the agents are is the matter of the groups of routes beside this file.
 */
export function createAgentSync(
  { ports, verifyUser, ...options }: AgentSyncOptions,
): Hono<AppEnvironment> {
  const app = createApp({ ...options, name: "agent-sync" });
  const { requests } = ports;
  addBehaviorRoutes(app, { ports, verifyUser });
  addTemplateRoutes(app, { ports, verifyUser });
  addActivationRoutes(app, { ports, verifyUser });
  addHistoryRoutes(app, { ports, verifyUser });
  addOrphanRoutes(app, { ports, verifyUser });

  app.post("/sync", async (context) => {
    const authorization = await authorize(context, { requests, verifyUser }, {
      operation: "agent_sync",
      minimumRole: "admin",
      tier: "agent_tier_flags",
      rateLimit: SYNC_LIMIT,
      body: async () => {
        parseQuery(NO_PARAMETERS, context, "sync the agents");
        return parseWith(syncSchema, await readOptionalBody(context.req.raw), "sync the agents");
      },
    });
    return await respondIdempotently(context, {
      requests,
      authorization,
      respond: async () => {
        const { roles, dry_run, force } = syncSchema.parse(authorization.body);
        const answer = await syncOnDemand({
          ...ports,
          logger: context.var.logger,
        }, {
          orgId: authorization.orgId,
          requestId: context.var.requestId,
          roles,
          dryRun: dry_run,
          force,
        });
        return context.json(answer);
      },
    });
  });

  app.get("/status", async (context) => {
    parseQuery(NO_PARAMETERS, context, "read the agents' status");
    const { orgId, role } = await authorize(context, { requests, verifyUser }, {
      operation: "agent_read",
      minimumRole: "viewer",
      rateLimit: READ_LIMIT,
    });
    const status = await readSyncStatus(ports, { orgId, role });
    context.header("cache-control", "no-store");
    return context.json({ ...status, requestId: context.var.requestId });
  });

  return app;
}
