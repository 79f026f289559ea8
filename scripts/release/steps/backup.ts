import { dumpDatabase, judgeDumpVersion, readDumpVersion } from "../dump_database.ts";
import { isRecent } from "../preflight/judge_backups.ts";
import { ReleaseError } from "../release_error.ts";
import type { ReleaseContext } from "../release_context.ts";
import type { Step } from "../run_steps.ts";

function requireDatabaseUrl({ target }: ReleaseContext): string {
  if (target.databaseUrl !== null) return target.databaseUrl;
  throw new ReleaseError(
    "missing",
    "Cannot take a backup: set SUPABASE_DB_URL (the dashboard's Connect, session pooler) or " +
      "give --database-url",
  );
}

/** With `--backup`, our schemas as a file that `pg_restore` reads. */
export const backup: Step<ReleaseContext> = {
  name: "backup",
  async plan(context) {
    if (!context.options.backup) return "nothing to do: --backup was not given";
    requireDatabaseUrl(context);
    judgeDumpVersion(await readDumpVersion(), context.facts.databaseVersion);
    return "would take one with pg_dump into .local/backups/";
  },
  async run(context) {
    const { options, checkout, journal, facts, save, signal } = context;
    if (!options.backup) return "not asked for";
    const { path, bytes } = await dumpDatabase({
      databaseUrl: requireDatabaseUrl(context),
      serverVersion: facts.databaseVersion,
      folder: `${checkout.folder}/.local/backups/${journal.ref}`,
      name: journal.id,
      signal,
    });
    journal.backup = path;
    await save();
    return `${path} (${(bytes / 1024 / 1024).toFixed(1)} MB)`;
  },
  async holds({ journal, options, clock, facts }) {
    if (!options.backup) return true;
    if (journal.backup === null) return false;
    const takenAt = await Deno.stat(journal.backup)
      .then(({ mtime }) => mtime?.getTime() ?? 0, () => null);
    if (takenAt === null) return false;
    // One from before the migrations is worth more than another after them, however old it is.
    const { migrationsPlanned, migrationsApplied } = journal;
    const isChanged = migrationsApplied.length > 0 ||
      migrationsPlanned.some((file) => !facts.pendingMigrations.includes(file));
    return isChanged || isRecent(takenAt, clock());
  },
};
