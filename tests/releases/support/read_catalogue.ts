import { openDatabase } from "../../../scripts/local/open_database.ts";

const QUERY = await Deno.readTextFile(new URL("catalogue.sql", import.meta.url));

/** The whole schema as lines, the same for the same schema, whichever way it came about. */
export async function readCatalogue(databaseUrl: string): Promise<string[]> {
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    return (await database.query<{ what: string }>(QUERY)).map(({ what }) => what);
  } finally {
    await database.close();
  }
}

/** What only one of them has: `- ` the first, `+ ` the second. */
export function compareCatalogues(before: string[], after: string[]): string[] {
  const had = new Set(before);
  const has = new Set(after);
  return [
    ...before.filter((line) => !has.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !had.has(line)).map((line) => `+ ${line}`),
  ];
}
