import { equal } from "node:assert/strict";
import { join } from "node:path";
import { findSupabaseCli } from "../../../scripts/local/find_binary.ts";
import type { MigrationFile } from "../../../scripts/local/migrate_database.ts";
import { openDatabase } from "../../../scripts/local/open_database.ts";
import { REPOSITORY } from "../../../scripts/local/repository.ts";

/** As `supabase/rollbacks/README.md` says, with what the CLI remembers of the migration. */
export async function takeBack(
  databaseUrl: string,
  { file, version }: MigrationFile,
): Promise<void> {
  const note = await Deno.readTextFile(join(REPOSITORY, "supabase", "rollbacks", file));
  const database = openDatabase(databaseUrl, { connections: 1 });
  await database.execute(note).finally(() => database.close());
  const { success, stderr } = await new Deno.Command(await findSupabaseCli(), {
    args: [
      ["migration", "repair", "--yes", "--status", "reverted", version],
      [`--remote=${databaseUrl}?sslmode=disable`],
    ].flat(),
    cwd: REPOSITORY,
    env: { SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  }).output();
  equal(success, true, new TextDecoder().decode(stderr));
}
