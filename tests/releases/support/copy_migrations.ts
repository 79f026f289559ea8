import { join } from "node:path";
import type { MigrationFile } from "../../../scripts/local/migrate_database.ts";
import { REPOSITORY } from "../../../scripts/local/repository.ts";

export const MIGRATIONS: string = join(REPOSITORY, "supabase", "migrations");

/** Some of this checkout's migrations in a folder of their own, for the CLI to push from. */
export async function copyMigrations(into: string, migrations: MigrationFile[]): Promise<void> {
  const folder = join(into, "supabase", "migrations");
  await Deno.mkdir(folder, { recursive: true });
  // Without its own the CLI looks for one in the folders above.
  const config = join("supabase", "config.toml");
  await Deno.copyFile(join(REPOSITORY, config), join(into, config));
  for (const { file } of migrations) {
    await Deno.copyFile(join(MIGRATIONS, file), join(folder, file));
  }
}
