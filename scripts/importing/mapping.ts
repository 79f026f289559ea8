import * as z from "zod";
import { LISTING_DOMAINS } from "../../supabase/functions/_shared/ports_agents.ts";

const TARGETS = [
  "title",
  "description",
  "category",
  "price",
  "currency",
  "price_unit",
  "quantity",
  "place_name",
  "latitude",
  "longitude",
  "language",
  "state",
  "side",
  "expires_at",
  "created_at",
  "attributes",
] as const;

const name = z.string().min(1).max(63);

/**
 * Where each part of a listing is in an older table: names of columns, and what their values mean.
 * `private.check_import_mapping` accepts the same and knows the table too.
 */
export const mappingSchema = z.strictObject({
  /** The table, with its schema. */
  relation: z.string().regex(/^[^.\s]+\.[^.\s]+$/, { error: "is no <schema>.<table>" }),
  /** A column that is never null and unique: pages are read in its order. */
  key: name,
  domain: z.enum(LISTING_DOMAINS),
  side: z.enum(["offer", "request"]).optional(),
  /** Whose row it is, where one table has several organizations': their ids as they are here. */
  org_id: name.optional(),
  /** The telephone number of whoever told it; without it listings are the organization's own. */
  contact: name.optional(),
  contact_name: name.optional(),
  /** When the row last changed; without it a row is taken once and never again. */
  updated_at: name.optional(),
  columns: z.partialRecord(z.enum(TARGETS), name).refine((columns) => columns.title !== undefined, {
    error: "has no title",
  }),
  /** What only its domain knows: bedrooms, salary. */
  attributes: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,59}$/), name).optional(),
  /** The same for every row, where it says nothing itself. */
  values: z.partialRecord(
    z.enum(["category", "currency", "price_unit", "place_name", "language"]),
    z.string(),
  ).optional(),
  /** Their words for our states; ours are understood. */
  states: z.record(z.string(), z.enum(["active", "sold", "closed", "expired"])).optional(),
  sides: z.record(z.string(), z.enum(["offer", "request"])).optional(),
});
export type Mapping = z.infer<typeof mappingSchema>;
export type Target = (typeof TARGETS)[number];

/** @throws Error one clear sentence for each field that is wrong. */
export function parseMapping(text: string, path: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot read the mapping "${path}": ${(error as Error).message}`);
  }
  const parsed = mappingSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`Cannot read the mapping "${path}": ${z.prettifyError(parsed.error)}`);
}
