import { join } from "node:path";
import { applyMigrations, pushMigrations } from "./migrate_database.ts";
import { type Database, DatabaseError } from "./open_database.ts";
import { REPOSITORY } from "./repository.ts";
import { StackError } from "./stack_error.ts";

/** Makes an empty database what a new Supabase project has; does nothing on a later start. */
export async function bootstrapDatabase(database: Database): Promise<void> {
  const [row] = await database.query<{ present: boolean }>(
    "select to_regnamespace('auth') is not null as present",
  );
  if (row?.present === true) return;
  await database.execute(
    await Deno.readTextFile(join(REPOSITORY, "scripts", "local", "bootstrap.sql")),
  );
}

async function seedDatabase(database: Database, marker: string): Promise<void> {
  if (await Deno.stat(marker).catch(() => undefined) !== undefined) return;
  const seed = await Deno.readTextFile(join(REPOSITORY, "supabase", "seed.sql"))
    .catch(() => undefined);
  if (seed === undefined) return;
  try {
    await database.execute(seed);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new StackError(
      `Cannot apply "supabase/seed.sql": ${error.message} (SQLSTATE ${error.sqlState})`,
    );
  }
  await Deno.writeTextFile(marker, "");
}

/** Bootstrap, migrations, and on a fresh database the seed. Throws StackError. */
export async function prepareDatabase(
  { database, databaseUrl, stateFolder, report }: {
    database: Database;
    databaseUrl: string;
    stateFolder: string;
    report(line: string): void;
  },
): Promise<void> {
  await bootstrapDatabase(database);
  report("applying supabase/migrations");
  if (databaseUrl.startsWith("http")) await applyMigrations(database);
  else await pushMigrations(databaseUrl);
  await seedDatabase(database, join(stateFolder, "seeded"));
}
