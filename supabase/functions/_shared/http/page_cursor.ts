import * as z from "zod";

const LIMIT = "must be a whole number from 1 to 100";
const CURSOR = "must be what an earlier page gave as nextCursor";

/** The last row of a page: when it was, ISO with its microseconds, and its id. */
export type PageCursor = { at: string; id: string };

/** The parameter `limit`. */
export const pageLimit = z.string().regex(/^([1-9]\d?|100)$/, LIMIT).transform(Number);

// A year that the database knows.
const moment = z.iso.datetime({ offset: true }).regex(/^[12]\d{3}-/);
const parts = z.tuple([moment, z.uuid()]);

/** The parameter `cursor`: opaque to whoever pages. */
export const pageCursor = z.string().max(200, CURSOR).transform((text, context): PageCursor => {
  try {
    const [at, id] = parts.parse(JSON.parse(atob(text)));
    return { at, id };
  } catch {
    context.addIssue({ code: "custom", message: CURSOR });
    return z.NEVER;
  }
});

/** What a page gives as `nextCursor`; null behind the last one. */
export function writePageCursor(last: PageCursor | null): string | null {
  return last === null ? null : btoa(JSON.stringify([last.at, last.id]));
}

/** Of a page that is full: there may be more behind it. */
export function nextCursor<Row>(
  rows: readonly Row[],
  { limit, cursorOf }: { limit: number; cursorOf: (row: Row) => PageCursor },
): string | null {
  const last = rows.length < limit ? undefined : rows.at(-1);
  return writePageCursor(last === undefined ? null : cursorOf(last));
}
