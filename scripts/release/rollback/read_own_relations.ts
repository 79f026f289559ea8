import { join } from "node:path";

/** What the migrations of a checkout make, as `schema.name`. Partitions are all of `partitions`. */
export type OwnRelations = { tables: string[]; sequences: string[] };

/** The schema that holds partitions of ours and nothing else. */
export const PARTITIONS = "partitions";

/** The tables and sequences that a migration makes, those of identity columns included. */
export function findOwnRelations(migration: string): OwnRelations {
  const tables: string[] = [];
  const sequences: string[] = [];
  const created = /^create (table|sequence) (?:if not exists )?((?:public|private)\.\w+)([^;]*)/gm;
  for (const [, kind, name = "", rest = ""] of migration.matchAll(created)) {
    if (kind === "sequence") {
      sequences.push(name);
      continue;
    }
    tables.push(name);
    for (
      const [, column] of rest.matchAll(/^\s+(\w+) \w+ generated \w+(?: default)? as identity/gm)
    ) {
      sequences.push(`${name}_${column}_seq`);
    }
  }
  return { tables, sequences };
}

/** Of every migration of the checkout: they only add, so none that an earlier release made is missing. */
export async function readOwnRelations(folder: string): Promise<OwnRelations> {
  const migrations = join(folder, "supabase", "migrations");
  const found: OwnRelations[] = [];
  for await (const { name } of Deno.readDir(migrations)) {
    if (!name.endsWith(".sql")) continue;
    found.push(findOwnRelations(await Deno.readTextFile(join(migrations, name))));
  }
  return {
    tables: [...new Set(found.flatMap(({ tables }) => tables))].sort(),
    sequences: [...new Set(found.flatMap(({ sequences }) => sequences))].sort(),
  };
}
