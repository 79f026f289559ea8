import type { Hono } from "hono";
import * as z from "zod";
import { authorize } from "../_shared/http/authorize.ts";
import type { AppContext, AppEnvironment } from "../_shared/http/context.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readOptionalBody } from "../_shared/http/read_optional_body.ts";
import { respondIdempotently } from "../_shared/http/respond_idempotently.ts";
import type { VerifyUser } from "../_shared/http/verify_user.ts";
import { AppError } from "../_shared/errors.ts";
import { AGENT_ROLES, type RequestStore, type WaitUntil } from "../_shared/ports.ts";
import type {
  KnowledgeSyncPorts,
  KnowledgeSyncResult,
} from "../_shared/services/sync_knowledge.ts";

export type SyncRouteOptions = {
  ports: Omit<KnowledgeSyncPorts, "logger"> & { requests: RequestStore };
  verifyUser: VerifyUser;
  waitUntil: WaitUntil;
  /** Where the status is read: `https://…/functions/v1`. */
  functionsUrl: string;
  /** A sync that takes longer is answered with 202 and goes on. */
  answerMilliseconds?: number;
};

const SYNC_LIMIT = { capacity: 10, refillPerSecond: 1 / 6 };
const STATUS_LIMIT = { capacity: 60, refillPerSecond: 2 };
const ANSWER_MILLISECONDS = 20_000;

const syncSchema = z.strictObject({
  toolName: z.string().regex(
    /^[a-zA-Z0-9_-]{1,64}$/,
    "must be 1 to 64 letters, digits, _ or -",
  )
    .default("knowledge-search"),
  assistantRoles: z.array(z.enum(AGENT_ROLES)).nonempty()
    .transform((roles) => AGENT_ROLES.filter((role) => roles.includes(role)))
    .default([...AGENT_ROLES]),
  dry_run: z.boolean().default(false),
});

/** `POST /sync`, also `POST /`, brings the documents to Vapi; `GET /status` says how that stands. */
export function addSyncRoutes(
  app: Hono<AppEnvironment>,
  options: SyncRouteOptions,
): void {
  app.post("/", (context) => answerSync(context, options));
  app.post("/sync", (context) => answerSync(context, options));

  app.get("/status", async (context) => {
    const { ports, verifyUser } = options;
    parseQuery(NO_PARAMETERS, context, "read the knowledge base's status");
    const { orgId } = await authorize(context, {
      requests: ports.requests,
      verifyUser,
    }, {
      operation: "knowledge_read",
      // Titles are in it, which are the documents' as well.
      minimumRole: "member",
      rateLimit: STATUS_LIMIT,
    });
    const status = await ports.knowledgeSync.readKnowledgeSyncStatus({
      org_id: orgId,
    });
    context.header("cache-control", "no-store");
    return context.json({ ...status, requestId: context.var.requestId });
  });
}

async function answerSync(
  context: AppContext,
  { ports, verifyUser, waitUntil, functionsUrl, ...options }: SyncRouteOptions,
): Promise<Response> {
  const { requests } = ports;
  const authorization = await authorize(context, { requests, verifyUser }, {
    operation: "knowledge_sync",
    minimumRole: "admin",
    tier: "knowledge_tier_flags",
    rateLimit: SYNC_LIMIT,
    body: async () => {
      parseQuery(NO_PARAMETERS, context, "sync the knowledge base");
      const body = await readOptionalBody(context.req.raw);
      return parseWith(syncSchema, body, "sync the knowledge base");
    },
  });
  return await respondIdempotently(context, {
    requests,
    authorization,
    respond: async () => {
      const { toolName, assistantRoles, dry_run } = syncSchema.parse(
        authorization.body,
      );
      const { requestId, logger } = context.var;
      const within = { ...ports, logger };
      const asked = {
        orgId: authorization.orgId,
        requestId,
        toolName,
        assistantRoles,
      };
      if (dry_run) {
        const { planKnowledgeSync } = await import("../_shared/services/plan_knowledge_sync.ts");
        const plan = await planKnowledgeSync(within, asked);
        return context.json({
          success: true,
          dryRun: true,
          ...plan,
          requestId,
        });
      }
      // Most of this function's code, which documents and search don't need.
      const { startKnowledgeSync } = await import("../_shared/services/start_knowledge_sync.ts");
      const started = await startKnowledgeSync(
        within,
        { ...asked, userId: authorization.userId },
        {
          waitUntil,
          answerMilliseconds: options.answerMilliseconds ?? ANSWER_MILLISECONDS,
        },
      );
      if (!started.finished) {
        const statusUrl = `${functionsUrl.replace(/\/+$/, "")}/kb-sync/status`;
        context.header("location", statusUrl);
        return context.json({
          accepted: true,
          status: "running",
          statusUrl,
          requestId,
        }, 202);
      }
      return context.json(describeResult(started.result, requestId));
    },
  });
}

/** @throws AppError `provider_failed` where nothing got through */
function describeResult(
  result: KnowledgeSyncResult,
  requestId: string,
): object {
  const {
    outcome,
    syncId,
    toolId,
    documents,
    assistants,
    counts,
    error,
    unfinished,
  } = result;
  const described = {
    success: outcome === "succeeded",
    /** Some of it is at Vapi, some is not: each document and assistant says which. */
    partial: outcome === "partially_succeeded",
    toolId,
    documents,
    assistants,
    removed: counts.removed ?? 0,
    syncId,
    // The worker goes on with what is pending.
    ...(unfinished ? { unfinished } : {}),
    ...(error === null ? {} : { error }),
  };
  if (outcome === "failed") {
    throw new AppError(
      "provider_failed",
      `Cannot sync the knowledge base: ${error}`,
      {
        extensions: described,
      },
    );
  }
  return { ...described, requestId };
}
