import type { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../_shared/errors.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { replayDeadLetter, type ReplayPorts } from "../_shared/services/replay_dead_letter.ts";
import { identifyReader, ofOrganization, type ReaderDependencies } from "./identify_reader.ts";

export type DeadLetterDependencies = Omit<ReplayPorts, "logger"> & {
  /** Throws AppError `unauthenticated`. */
  requireSecretKey: (request: Request) => void;
};

const listQuery = ofOrganization.extend({
  source: z.enum(["whatsapp", "vapi", "outbox", "job", "legacy"]).nullable().default(null),
  replayed: z.enum(["true", "false"]).default("false").transform((value) => value === "true"),
  before: z.guid().nullable().default(null),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const id = z.guid();

/**
 * `GET /dead-letters` (`source`, `org_id`, `replayed`, `before`, `limit`), for operators with a secret
 * key and for an organization's owners of their own; `POST /events/:id/replay`, for operators alone.
 */
export function addDeadLetterRoutes(
  app: Hono<AppEnvironment>,
  { requests, verifyUser, requireSecretKey, ...ports }: ReaderDependencies & DeadLetterDependencies,
): void {
  app.get("/dead-letters", async (context) => {
    const { orgId, query: { org_id: _named, ...page } } = await identifyReader(
      context,
      { requests, verifyUser, requireSecretKey },
      { operation: "read_dead_letters", query: listQuery },
    );
    const letters = await ports.deadLetters.listDeadLetters({ ...page, org_id: orgId });
    const last = letters.length === page.limit ? letters.at(-1) : undefined;
    return context.json({ deadLetters: letters, before: last?.id ?? null });
  });

  app.post("/events/:id/replay", async (context) => {
    requireSecretKey(context.req.raw);
    const { requestId, logger } = context.var;
    parseQuery(NO_PARAMETERS, context, "replay");
    const given = id.safeParse(context.req.param("id"));
    const notFound = new AppError(
      "not_found",
      "Cannot replay the event: there is no dead letter by this id",
    );
    if (!given.success) throw notFound;
    const replay = await replayDeadLetter({ ...ports, logger }, { id: given.data, requestId });
    switch (replay.outcome) {
      case "replayed":
        return context.json({
          success: true,
          id: given.data,
          source: replay.source,
          sourceId: replay.sourceId,
          requestId,
        });
      case "not_found":
        throw notFound;
      case "already_replayed":
        throw new AppError("conflict", `Cannot replay "${replay.sourceId}": it was already`);
      case "gone":
        throw new AppError(
          "conflict",
          `Cannot replay "${replay.sourceId}": what failed is gone, or has succeeded since`,
        );
      case "failed":
        throw new AppError(
          "check_failed",
          `Cannot replay "${replay.sourceId}": it failed again (${replay.reason})`,
        );
    }
  });
}
