import type { Hono } from "hono";
import * as z from "zod";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { nextCursor, pageCursor, pageLimit } from "../_shared/http/page_cursor.ts";
import { readTimeline } from "../_shared/services/read_timeline.ts";
import {
  listFailedConversations,
  readFailedConversation,
  replayConversation,
  reviewConversation,
} from "../_shared/services/review_conversations.ts";
import {
  answerChange,
  answerRead,
  readId,
  type SupervisionDependencies,
  writtenText,
} from "./answer.ts";

const listSchema = z.strictObject({
  state: z.enum(["failed", "reviewed"]).default("failed"),
  limit: pageLimit.default(50),
  cursor: pageCursor.optional(),
});
const readSchema = z.strictObject({ limit: pageLimit.default(50) });
const timelineSchema = readSchema.extend({ cursor: pageCursor.optional() });
const reviewSchema = z.strictObject({ note: writtenText(2000).nullish() });
const nothing = z.strictObject({});

/**
 * `GET /failed-conversations`, `GET /failed-conversations/:id`, `POST …/:id/review` `{note}` and
 * `GET /contacts/:id/timeline`, for members; `POST /failed-conversations/:id/replay`, for admins.
 */
export function addConversationRoutes(
  app: Hono<AppEnvironment>,
  options: SupervisionDependencies,
): void {
  app.get("/failed-conversations", (context) =>
    answerRead(context, options, {
      operation: "conversation_read",
      query: listSchema,
      work: async (asker, { cursor = null, ...page }) => {
        const conversations = await listFailedConversations(options, {
          ...asker,
          ...page,
          before: cursor,
        });
        const next = nextCursor(conversations, {
          limit: page.limit,
          cursorOf: (last) => ({ at: last.last_failed_at, id: last.id }),
        });
        return { conversations, nextCursor: next };
      },
    }));

  app.get("/failed-conversations/:id", (context) =>
    answerRead(context, options, {
      operation: "conversation_read",
      query: readSchema,
      work: (asker, { limit }) =>
        readFailedConversation(options, { ...asker, id: readId(context), limit }),
    }));

  app.post("/failed-conversations/:id/review", (context) =>
    answerChange(context, options, {
      operation: "conversation_review",
      minimumRole: "member",
      input: reviewSchema,
      work: async (asker, { note = null }) => {
        await reviewConversation(options, { ...asker, id: readId(context), note });
        return {};
      },
    }));

  app.post("/failed-conversations/:id/replay", (context) =>
    answerChange(context, options, {
      operation: "conversation_replay",
      minimumRole: "admin",
      input: nothing,
      work: (asker) => replayConversation(options, { ...asker, id: readId(context) }),
    }));

  app.get("/contacts/:id/timeline", (context) =>
    answerRead(context, options, {
      operation: "timeline_read",
      query: timelineSchema,
      work: async (asker, { limit, cursor = null }) => {
        const { contact, items } = await readTimeline(options, {
          ...asker,
          contactId: readId(context),
          limit,
          before: cursor,
        });
        const cursorOf = (last: typeof items[number]) => ({ at: last.at, id: last.id });
        return { contact, items, nextCursor: nextCursor(items, { limit, cursorOf }) };
      },
    }));
}
