import { join } from "node:path";
import { findSupabaseCli } from "./find_binary.ts";
import { type Database, DatabaseError } from "./open_database.ts";
import { REPOSITORY } from "./repository.ts";
import { StackError } from "./stack_error.ts";

export type MigrationFile = { version: string; name: string; file: string };

const MIGRATION_NAME = /^(\d+)_(.*)\.sql$/;

/** The folder's migrations in the order in which they are applied. */
export async function listMigrations(folder: string): Promise<MigrationFile[]> {
  const migrations: MigrationFile[] = [];
  try {
    for await (const { name: file } of Deno.readDir(folder)) {
      const [, version, name] = MIGRATION_NAME.exec(file) ?? [];
      if (version !== undefined && name !== undefined) migrations.push({ version, name, file });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return migrations.sort((a, b) => a.file < b.file ? -1 : 1);
}

/** What the CLI printed, in one line: the file that it was at, and the reason. */
export function explainPush(output: string): string {
  const lines = output.split("\n").map((line) => line.trim()).filter(Boolean);
  const file = output.match(/Applying migration (\S+?)\.\.\./g)?.at(-1)?.split(" ").at(2)
    ?.replace(/\.\.\.$/, "");
  const reason = lines.find((line) => line.startsWith("ERROR:"))?.replace("ERROR: ", "") ??
    lines.find((line) => /not found|failed|error/i.test(line)) ?? lines.at(-1) ?? "no reason given";
  return file === undefined
    ? `Cannot apply the migrations: ${reason} (--reset starts over)`
    : `Cannot apply migration "${file}": ${reason}`;
}

/** Applies what is new with the Supabase CLI, as a deployment does. Throws StackError. */
export async function pushMigrations(
  databaseUrl: string,
  workFolder: string = REPOSITORY,
): Promise<void> {
  if ((await listMigrations(join(workFolder, "supabase", "migrations"))).length === 0) return;
  const { success, stdout, stderr } = await new Deno.Command(await findSupabaseCli(), {
    // A branch's migrations may be older than those that another branch has brought already.
    args: ["db", "push", "--yes", "--include-all", `--remote=${databaseUrl}?sslmode=disable`],
    cwd: workFolder,
    stdin: "null",
    env: { SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  }).output();
  if (success) return;
  const decoder = new TextDecoder();
  throw new StackError(explainPush(decoder.decode(stdout) + decoder.decode(stderr)));
}

/**
 * Applies what is new in-process, for the engine that the CLI can't reach, and records it where the
 * CLI does. Throws StackError.
 */
export async function applyMigrations(
  database: Database,
  folder: string = join(REPOSITORY, "supabase", "migrations"),
): Promise<void> {
  await database.execute(`
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (
      version text primary key, statements text[], name text
    );`);
  const rows = await database.query<{ version: string }>(
    "select version from supabase_migrations.schema_migrations",
  );
  const applied = new Set(rows.map((row) => row.version));
  for (const { version, name, file } of await listMigrations(folder)) {
    if (applied.has(version)) continue;
    const script = await Deno.readTextFile(join(folder, file));
    const record = `insert into supabase_migrations.schema_migrations (version, name) ` +
      `values ('${version}', '${name.replaceAll("'", "''")}');`;
    try {
      await database.execute(`${script}\n;\n${record}`);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      throw new StackError(
        `Cannot apply migration "${file}": ${error.message} (SQLSTATE ${error.sqlState})`,
      );
    }
  }
}
