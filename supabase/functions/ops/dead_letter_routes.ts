import type { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../_shared/errors.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { nextCursor, pageCursor } from "../_shared/http/page_cursor.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import { replayDeadLetter, type ReplayPorts } from "../_shared/services/replay_dead_letter.ts";
import { nameActor, signature } from "./identify_operator.ts";
import { identifyReader, ofOrganization, type ReaderDependencies } from "./identify_reader.ts";

export type DeadLetterDependencies = Omit<ReplayPorts, "logger"> & {
  /** Throws AppError `unauthenticated`. */
  requireSecretKey: (request: Request) => void;
};

const listQuery = ofOrganization.extend({
  source: z.enum(["whatsapp", "vapi", "outbox", "job", "legacy"]).nullable().default(null),
  replayed: z.enum(["true", "false"]).default("false").transform((value) => value === "true"),
  cursor: pageCursor.optional(),
  /** The id of the last letter, as pages were asked for first: its end may come too soon. */
  before: z.guid().nullable().default(null),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const dismissSchema = z.strictObject(signature);
const id = z.guid();

/**
 * `GET /dead-letters` (`source`, `org_id`, `replayed`, `cursor`, `limit`), for operators with a secret
 * key and for an organization's owners of their own; `POST /events/:id/replay` and
 * `POST /events/:id/dismiss` `{reason, actor?}`, for operators alone.
 */
export function addDeadLetterRoutes(
  app: Hono<AppEnvironment>,
  { requests, verifyUser, requireSecretKey, ...ports }: ReaderDependencies & DeadLetterDependencies,
): void {
  app.get("/dead-letters", async (context) => {
    const { orgId, query } = await identifyReader(
      context,
      { requests, verifyUser, requireSecretKey },
      { operation: "read_dead_letters", query: listQuery },
    );
    const { org_id: _named, cursor, before, ...page } = query;
    const letters = await ports.deadLetters.listDeadLetters({
      ...page,
      org_id: orgId,
      before: cursor ?? before,
    });
    const next = nextCursor(letters, {
      limit: page.limit,
      cursorOf: (last) => ({ at: last.dead_lettered_at, id: last.id }),
    });
    const last = letters.length === page.limit ? letters.at(-1) : undefined;
    return context.json({ deadLetters: letters, nextCursor: next, before: last?.id ?? null });
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
          `Cannot replay "${replay.sourceId}": what failed is gone, or has succeeded since, so it is dismissed`,
        );
      case "failed":
        throw new AppError(
          "check_failed",
          `Cannot replay "${replay.sourceId}": it failed again (${replay.reason})`,
        );
    }
  });

  app.post("/events/:id/dismiss", async (context) => {
    requireSecretKey(context.req.raw);
    const { requestId, logger } = context.var;
    parseQuery(NO_PARAMETERS, context, "dismiss");
    const { reason, actor } = parseWith(
      dismissSchema,
      await readJsonBody(context.req.raw),
      "dismiss the event",
    );
    const notFound = new AppError(
      "not_found",
      "Cannot dismiss the event: there is no dead letter by this id",
    );
    const given = id.safeParse(context.req.param("id"));
    if (!given.success) throw notFound;
    const result = await ports.deadLetters.dismissDeadLetter({
      id: given.data,
      reason,
      user_id: nameActor(actor),
      request_id: requestId,
    });
    if (result.code === "not_found") throw notFound;
    if (result.code === "already_replayed") {
      throw new AppError("conflict", `Cannot dismiss "${result.source_id}": it was replayed`);
    }
    logger.info("Dead letter dismissed", { source: result.source, sourceId: result.source_id });
    return context.json({
      success: true,
      id: given.data,
      source: result.source,
      sourceId: result.source_id,
      requestId,
    });
  });
}
