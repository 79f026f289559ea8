import * as z from "zod";
import { NestError, nestMessages } from "./nest_error.ts";
import type { VapiObject } from "./store.ts";

const time = z.iso.datetime({ offset: true }).optional();
const page = {
  limit: z.string().regex(/^\d{1,4}$/, { error: "limit must be a number" }).transform(Number)
    .pipe(z.number().min(0).max(1000)).optional(),
  createdAtGt: time,
  createdAtLt: time,
  createdAtGe: time,
  createdAtLe: time,
  updatedAtGt: time,
  updatedAtLt: time,
  updatedAtGe: time,
  updatedAtLe: time,
};

const COMPARISONS = {
  Gt: (left: number, right: number) => left > right,
  Lt: (left: number, right: number) => left < right,
  Ge: (left: number, right: number) => left >= right,
  Le: (left: number, right: number) => left <= right,
};

/**
 * One page of a collection, newest first; `limit` is 100 unless given (0–1000). `equals` names the
 * further query parameters of this route, each an exact match. Throws `NestError` 400.
 */
export function listObjects(
  objects: Iterable<VapiObject>,
  query: Record<string, string>,
  equals: readonly string[] = [],
): VapiObject[] {
  const schema = z.strictObject({
    ...page,
    ...Object.fromEntries(equals.map((name) => [name, z.string().optional()])),
  });
  const parsed = schema.safeParse(query);
  if (!parsed.success) throw new NestError(400, nestMessages(parsed.error.issues));
  const given = parsed.data as Record<string, string | number | undefined>;

  const fits = (object: VapiObject): boolean =>
    (["createdAt", "updatedAt"] as const).every((field) =>
      Object.entries(COMPARISONS).every(([suffix, compare]) => {
        const bound = given[`${field}${suffix}`];
        return typeof bound !== "string" || compare(Date.parse(object[field]), Date.parse(bound));
      })
    ) && equals.every((name) => given[name] === undefined || object[name] === given[name]);

  const limit = typeof given["limit"] === "number" ? given["limit"] : 100;
  // Creation order is the tie-breaker of equal milliseconds, hence reverse before the stable sort.
  return [...objects].filter(fits).reverse()
    .sort((left, right) => Date.parse(right.createdAt) - Date.parse(left.createdAt))
    .slice(0, limit);
}
