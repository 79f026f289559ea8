import * as z from "zod";
import { AppError } from "../_shared/errors.ts";
import type { AppContext } from "../_shared/http/context.ts";
import { pageCursor, pageLimit, writePageCursor } from "../_shared/http/page_cursor.ts";
import type { PageCursor } from "../_shared/ports_documents.ts";
import { KNOWLEDGE_CATEGORIES } from "../_shared/ports_knowledge.ts";

const cursor = pageCursor.transform(({ at, id }): PageCursor => ({ created_at: at, id }));

export const listSchema = z.strictObject({
  limit: pageLimit.default(50),
  cursor: cursor.optional(),
  category: z.enum(KNOWLEDGE_CATEGORIES).optional(),
});
export const historySchema = z.strictObject({
  limit: pageLimit.default(20),
  cursor: cursor.optional(),
});

export function writeCursor(next: PageCursor | null): string | null {
  return writePageCursor(next && { at: next.created_at, id: next.id });
}

/** @throws AppError `not_found`: what isn't an id is no document's */
export function readDocumentId(context: AppContext): string {
  const id = context.req.param("id") ?? "";
  const parsed = z.uuid().safeParse(id.toLowerCase());
  if (parsed.success) return parsed.data;
  throw new AppError("not_found", `Cannot find "${id.slice(0, 100)}": there is no such document`);
}

/** The revision that `if-match` expects; null for any. @throws AppError `invalid_input` */
export function readIfMatch(context: AppContext): number | null {
  const value = context.req.header("if-match")?.trim();
  if (value === undefined || value === "*") return null;
  const [, revision] = /^(?:W\/)?"?([1-9]\d{0,8})"?$/.exec(value) ?? [];
  if (revision !== undefined) return Number(revision);
  const detail = 'must be a revision, such as "3"';
  throw new AppError("invalid_input", `Cannot compare revisions: if-match ${detail}`, {
    errors: [{ field: "if-match", detail }],
  });
}
