import type { Hono } from "hono";
import * as z from "zod";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { nextCursor, pageCursor, pageLimit } from "../_shared/http/page_cursor.ts";
import type { SupervisionStore } from "../_shared/ports_supervision.ts";
import { readTimeline } from "../_shared/services/read_timeline.ts";
import { identifyReader, ofOrganization, type ReaderDependencies } from "./identify_reader.ts";

export type TimelineDependencies = ReaderDependencies & {
  supervision: Pick<SupervisionStore, "readContactTimeline">;
};

const timelineQuery = ofOrganization.extend({
  contact: z.guid().toLowerCase(),
  limit: pageLimit.default(50),
  cursor: pageCursor.optional(),
});

/**
 * `GET /timeline?contact=<id>`: one person's story, for operators with a secret key, and for an
 * organization's owners of their own contacts. Members have `GET /contacts/:id/timeline`.
 */
export function addTimelineRoutes(
  app: Hono<AppEnvironment>,
  options: TimelineDependencies,
): void {
  app.get("/timeline", async (context) => {
    const { query, ...reader } = await identifyReader(context, options, {
      operation: "read_timeline",
      query: timelineQuery,
    });
    const { contact: contactId, limit, cursor = null } = query;
    const { contact, items } = await readTimeline(options, {
      ...reader,
      contactId,
      limit,
      before: cursor,
    });
    const next = nextCursor(items, { limit, cursorOf: (last) => ({ at: last.at, id: last.id }) });
    return context.json({ contact, items, nextCursor: next, requestId: context.var.requestId });
  });
}
