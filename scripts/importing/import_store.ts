import * as z from "zod";
import type { Database } from "../../supabase/functions/_shared/providers/supabase/create_database.ts";
import type { Source } from "./fit_product.ts";
import type { Mapping } from "./mapping.ts";

const counts = z.record(z.string(), z.number());
const refusals = z.array(z.object({ key: z.string(), reason: z.string() }));
const refused = [
  z.object({ code: z.literal("not_found") }),
  z.object({ code: z.literal("not_a_table"), kind: z.string() }),
  z.object({ code: z.literal("not_readable") }),
  z.object({ code: z.literal("internal_schema"), schema: z.string() }),
] as const;
const unchecked = [
  ...refused,
  z.object({ code: z.literal("mapping_malformed"), field: z.string() }),
  z.object({ code: z.literal("columns_missing"), columns: z.array(z.string()) }),
  z.object({ code: z.literal("key_not_unique"), key: z.string(), keys: z.array(z.string()) }),
  z.object({ code: z.literal("organization_not_found") }),
] as const;
const described = z.object({
  code: z.literal("described"),
  source: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  keys: z.array(z.string()),
  rows: z.number(),
});
const previewed = z.object({
  code: z.literal("previewed"),
  counts,
  last_key: z.string().nullable(),
  is_last: z.boolean(),
  refusals,
});
const begun = z.object({
  code: z.literal("begun"),
  source: z.string(),
  pass: z.number(),
  is_resumed: z.boolean(),
  last_key: z.string().nullable(),
  counts,
});
const imported = z.object({
  code: z.literal("imported"),
  state: z.enum(["started", "completed"]),
  counts,
  last_key: z.string().nullable(),
  refusals,
});
const status = z.object({
  imports: z.array(z.object({
    source: z.string(),
    state: z.string(),
    pass: z.number(),
    counts,
    started_at: z.string(),
    completed_at: z.string().nullable(),
    refused: counts,
  })),
});

export type Counts = z.infer<typeof counts>;
export type Refusal = z.infer<typeof refusals>[number];
export type ImportStatus = z.infer<typeof status>["imports"][number];
type Failure = z.infer<(typeof unchecked)[number]>;

/** The functions of the database that an import is made of. Each may be called again. */
export type ImportStore = ReturnType<typeof createImportStore>;

export function createImportStore(database: Database) {
  const again = { idempotent: true };
  const fail = (relation: string, failure: Failure): never => {
    throw new Error(`Cannot import "${relation}": ${explain(failure)}`);
  };
  return {
    async describe(relation: string): Promise<Source | null> {
      const result = await database.callFunction(
        "describe_import_source",
        { relation },
        z.discriminatedUnion("code", [described, ...refused]),
        again,
      );
      if (result.code === "described") return result;
      return result.code === "not_found" ? null : fail(relation, result);
    },

    async preview(
      orgId: string,
      mapping: Mapping,
      { after, limit }: { after: string | null; limit: number },
    ): Promise<z.infer<typeof previewed>> {
      const result = await database.callFunction(
        "preview_listings_page",
        { org_id: orgId, mapping, after, limit },
        z.discriminatedUnion("code", [previewed, ...unchecked]),
        again,
      );
      return result.code === "previewed" ? result : fail(mapping.relation, result);
    },

    async begin(
      orgId: string,
      mapping: Mapping,
      { restart }: { restart: boolean },
    ): Promise<z.infer<typeof begun>> {
      const changed = z.object({ code: z.literal("mapping_changed") });
      // Not tried again: a restart that was done is another one the second time.
      const result = await database.callFunction(
        "begin_listing_import",
        { org_id: orgId, mapping, restart },
        z.discriminatedUnion("code", [begun, changed, ...unchecked]),
      );
      if (result.code === "mapping_changed") {
        throw new Error(
          `Cannot go on with "${mapping.relation}": it was begun with another mapping; ` +
            "use that one, or begin anew with --restart",
        );
      }
      return result.code === "begun" ? result : fail(mapping.relation, result);
    },

    /** Null where somebody else finished the pass, or began another. */
    async importPage(
      orgId: string,
      { source, pass, limit }: { source: string; pass: number; limit: number },
    ): Promise<z.infer<typeof imported> | null> {
      const superseded = z.object({ code: z.literal("superseded") });
      const result = await database.callFunction(
        "import_listings_page",
        { org_id: orgId, source, pass, limit },
        z.discriminatedUnion("code", [imported, superseded, ...unchecked]),
        again,
      );
      if (result.code === "superseded") return null;
      return result.code === "imported" ? result : fail(source, result);
    },

    async readStatus(orgId: string): Promise<ImportStatus[]> {
      const request = { org_id: orgId };
      return (await database.callFunction("read_listing_imports", request, status, again)).imports;
    },
  };
}

function explain(failure: Failure): string {
  switch (failure.code) {
    case "not_found":
      return "there is no such table";
    case "not_a_table":
      return `it is a ${failure.kind}; under the older names the unified tables are shown themselves`;
    case "not_readable":
      return "the service role may not read it: grant select on it to service_role";
    case "internal_schema":
      return `the schema "${failure.schema}" holds no listings`;
    case "mapping_malformed":
      return `the mapping's "${failure.field}" is missing or not understood`;
    case "columns_missing":
      return `it has no column ${failure.columns.map((name) => `"${name}"`).join(", ")}`;
    case "key_not_unique":
      return `its "${failure.key}" may be null or there twice; unique are: ` +
        (failure.keys.join(", ") || "none");
    case "organization_not_found":
      return "there is no such organization";
  }
}
