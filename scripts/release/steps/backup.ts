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

const stamp = (milliseconds: number) =>
  new Date(milliseconds).toISOString().replace(/[-:]|\.\d+/g, "");

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
    const before = journal.backup;
    const { path, bytes } = await dumpDatabase({
      databaseUrl: requireDatabaseUrl(context),
      serverVersion: facts.databaseVersion,
      folder: `${checkout.folder}/.local/backups/${journal.ref}`,
      name: before === null ? journal.id : `${journal.id}-${stamp(context.clock())}`,
      signal,
    });
    journal.backup = path;
    await save();
    // It may be the only one from before the migrations.
    const kept = before === null ? "" : `, beside ${before}`;
    return `${path} (${(bytes / 1024 / 1024).toFixed(1)} MB)${kept}`;
  },
  async holds({ journal, options, clock }) {
    if (!options.backup) return true;
    if (journal.backup === null) return false;
    const takenAt = await Deno.stat(journal.backup)
      .then(({ mtime }) => mtime?.getTime() ?? 0, () => null);
    if (takenAt === null) return false;
    // Also after migrations: what came since would be lost with an older one.
    return isRecent(takenAt, clock());
  },
};
