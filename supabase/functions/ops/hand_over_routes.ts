import type { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../_shared/errors.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { deriveId } from "../_shared/http/derive_id.ts";
import { nextCursor, pageCursor, pageLimit } from "../_shared/http/page_cursor.ts";
import {
  releaseHandOver,
  replyToHandOver,
  takeHandOver,
} from "../_shared/services/change_hand_over.ts";
import { listHandOvers, readHandOver } from "../_shared/services/read_hand_overs.ts";
import {
  answerChange,
  answerRead,
  readId,
  type SupervisionDependencies,
  writtenText,
} from "./answer.ts";

const listSchema = z.strictObject({
  state: z.enum(["waiting", "taken"]).optional(),
  limit: pageLimit.default(50),
  cursor: pageCursor.optional(),
});
const readSchema = z.strictObject({ limit: pageLimit.default(50) });
const nothing = z.strictObject({});
const replySchema = z.strictObject({ text: writtenText(4096) });

/**
 * `GET /hand-overs`, `GET /hand-overs/:id`, `POST /hand-overs/:id/take`, `…/reply`, `…/release`:
 * conversations in which a person answers instead of the agents. For members; an admin also releases
 * what somebody else has.
 */
export function addHandOverRoutes(
  app: Hono<AppEnvironment>,
  options: SupervisionDependencies,
): void {
  app.get("/hand-overs", (context) =>
    answerRead(context, options, {
      operation: "hand_over_read",
      query: listSchema,
      work: async (asker, { state, limit, cursor = null }) => {
        const handOvers = await listHandOvers(options, { ...asker, state, limit, after: cursor });
        const cursorOf = (last: typeof handOvers[number]) => ({ at: last.waiting_at, id: last.id });
        return { handOvers, nextCursor: nextCursor(handOvers, { limit, cursorOf }) };
      },
    }));

  app.get("/hand-overs/:id", (context) =>
    answerRead(context, options, {
      operation: "hand_over_read",
      query: readSchema,
      work: (asker, { limit }) => readHandOver(options, { ...asker, id: readId(context), limit }),
    }));

  app.post("/hand-overs/:id/take", (context) =>
    answerChange(context, options, {
      operation: "hand_over_take",
      minimumRole: "member",
      input: nothing,
      work: (asker) => takeHandOver(options, { ...asker, id: readId(context) }),
    }));

  app.post("/hand-overs/:id/reply", (context) =>
    answerChange(context, options, {
      operation: "hand_over_reply",
      minimumRole: "member",
      input: replySchema,
      work: (asker, { text }, key) => {
        if (key === null) throw missingKey();
        // Made of the key: where its answer was lost, the outbox knows it all the same.
        const replyId = deriveId(asker.userId, key);
        return replyToHandOver(options, { ...asker, id: readId(context), replyId, text });
      },
    }));

  app.post("/hand-overs/:id/release", (context) =>
    answerChange(context, options, {
      operation: "hand_over_release",
      minimumRole: "member",
      input: nothing,
      work: (asker) => releaseHandOver(options, { ...asker, id: readId(context) }),
    }));
}

function missingKey(): AppError {
  return new AppError("invalid_input", "Cannot reply: idempotency-key is required", {
    errors: [{ field: "idempotency-key", detail: "is required: a reply is sent once for each" }],
  });
}
