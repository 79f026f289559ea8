import { openDatabase } from "../../scripts/local/open_database.ts";
import { readStack } from "./read_stack.ts";

/**
 * Runs one statement as the database's superuser, on either engine. Cast what the engines read
 * differently: `count(*)::int`, `at::text`. Throws DatabaseError with the SQLSTATE.
 */
export async function queryDatabase<Row extends object>(
  text: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  const database = openDatabase(readStack().database_url, { connections: 1 });
  try {
    return await database.query<Row>(text, parameters);
  } finally {
    // Closed each time: a connection that stays open is a leak in the eyes of Deno.test.
    await database.close();
  }
}
