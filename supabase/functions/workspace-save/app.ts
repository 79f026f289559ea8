import type { Hono } from "hono";
import * as z from "zod";
import { workspaceInputSchema } from "../_shared/domain/workspace/workspace_input.ts";
import { AppError } from "../_shared/errors.ts";
import { authorize } from "../_shared/http/authorize.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import { respondIdempotently } from "../_shared/http/respond_idempotently.ts";
import type { VerifyUser } from "../_shared/http/verify_user.ts";
import { PROVIDER_NAMES, type RequestStore } from "../_shared/ports.ts";
import {
  disconnectProvider,
  type DisconnectProviderPorts,
} from "../_shared/services/disconnect_provider.ts";
import { readWorkspaceStatus } from "../_shared/services/read_workspace_status.ts";
import { saveWorkspace, type SaveWorkspacePorts } from "../_shared/services/save_workspace.ts";

export type WorkspaceSaveOptions = Omit<AppOptions, "name"> & {
  ports: Omit<SaveWorkspacePorts & DisconnectProviderPorts, "logger"> & {
    requests: RequestStore;
  };
  verifyUser: VerifyUser;
  /** ENABLE_WORKSPACE_TIER: false stops what changes a workspace; its status is still answered. */
  tierEnabled: boolean;
};

/** A burst of ten changes, then one every six seconds: a person at a dashboard never meets it. */
const CHANGE_LIMIT = { capacity: 10, refillPerSecond: 1 / 6 };
const READ_LIMIT = { capacity: 60, refillPerSecond: 2 };

const saveQuerySchema = z.strictObject({ dry_run: z.enum(["true", "false"]).default("false") });
const disconnectQuerySchema = z.strictObject({ force: z.enum(["true", "false"]).default("false") });

/** `POST /` saves, `GET /` answers the masked status, `DELETE /:provider` disconnects. */
export function createWorkspaceSave(
  { ports, verifyUser, tierEnabled, ...options }: WorkspaceSaveOptions,
): Hono<AppEnvironment> {
  const app = createApp({ ...options, name: "workspace-save" });
  const { requests } = ports;

  app.post("/", async (context) => {
    const { dry_run } = parseQuery(saveQuerySchema, context, "save the workspace");
    const authorization = await authorize(context, { requests, verifyUser }, {
      operation: "workspace_save",
      minimumRole: "admin",
      tier: "workspace_tier_flags",
      rateLimit: CHANGE_LIMIT,
      // Every format error is told before anything else is asked, of whoever is signed in.
      body: async () =>
        parseWith(workspaceInputSchema, await readJsonBody(context.req.raw), "save the workspace"),
    });
    return await respondIdempotently(context, {
      requests,
      authorization,
      respond: async () => {
        requireTier(tierEnabled);
        const answer = await saveWorkspace({
          ...ports,
          logger: context.var.logger,
        }, {
          orgId: authorization.orgId,
          userId: authorization.userId,
          requestId: context.var.requestId,
          input: workspaceInputSchema.parse(authorization.body),
          dryRun: dry_run === "true",
        });
        return context.json(answer);
      },
    });
  });

  app.get("/", async (context) => {
    parseQuery(NO_PARAMETERS, context, "read the workspace");
    const { orgId } = await authorize(context, { requests, verifyUser }, {
      operation: "workspace_read",
      minimumRole: "viewer",
      rateLimit: READ_LIMIT,
    });
    const status = await readWorkspaceStatus(ports, { orgId });
    context.header("cache-control", "no-store");
    return context.json({ ...status, tierEnabled, requestId: context.var.requestId });
  });

  app.delete("/:provider", async (context) => {
    const provider = PROVIDER_NAMES.find((name) => name === context.req.param("provider"));
    const { force } = parseQuery(disconnectQuerySchema, context, "disconnect");
    const authorization = await authorize(context, { requests, verifyUser }, {
      operation: "workspace_disconnect",
      minimumRole: "admin",
      tier: "workspace_tier_flags",
      rateLimit: CHANGE_LIMIT,
    });
    return await respondIdempotently(context, {
      requests,
      authorization,
      respond: async () => {
        requireTier(tierEnabled);
        if (provider === undefined) {
          // Not repeated in the answer: some paste a key where a name belongs.
          throw new AppError(
            "not_found",
            `Cannot disconnect an unknown provider: there are ${PROVIDER_NAMES.join(", ")}`,
          );
        }
        const answer = await disconnectProvider({
          ...ports,
          logger: context.var.logger,
        }, {
          orgId: authorization.orgId,
          userId: authorization.userId,
          requestId: context.var.requestId,
          provider,
          force: force === "true",
        });
        return context.json(answer);
      },
    });
  });

  return app;
}

function requireTier(enabled: boolean): void {
  if (enabled) return;
  throw new AppError(
    "disabled",
    "Cannot change the workspace: the workspace tier is switched off; what is stored stays as it is, and agents can still be synced with agent-sync",
  );
}
