import { findPostgresClient } from "../../scripts/local/find_postgres_client.ts";

/** Why a test of a backup is left out; a whole run says so in its last lines. */
export const NO_POSTGRES_CLIENT =
  "left out, pg_dump, pg_restore and psql of PostgreSQL 17 aren't all here";

/** Puts PostgreSQL's client programs on this process's PATH; false where this machine has none. */
export async function usePostgresClient(): Promise<boolean> {
  const path = await findPostgresClient();
  if (path !== null) Deno.env.set("PATH", path);
  return path !== null;
}
