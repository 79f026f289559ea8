import { join } from "node:path";
import { ReleaseError } from "../release_error.ts";
import { splitPassword } from "../run_cli.ts";

/** What is ours; the platform's own schemas stay as they are. */
const SCHEMAS = ["public", "private", "partitions"];

/**
 * Nothing that waited when the backup was made is done again: it may have been done since, and nobody is
 * to be told or called twice. In the restoring transaction, so that no worker comes in between.
 */
export const SETTLE_AFTER_RESTORE = `
update public.outbound_messages set state = 'expired', expired_at = now(), error = 'Restored from a backup'
where state = 'queued';
update public.outbound_messages set state = 'unknown', unknown_at = now(), error = 'Restored from a backup'
where state = 'claimed';
update public.inbound_messages set disposition = 'ignored', disposed_at = now() where disposition = 'received';
update public.contact_queues set completed_sequence = received_sequence, claimed_sequence = null,
  turn_due_at = null, turn_retry_at = null, turn_leased_until = null, send_due_at = null, send_leased_until = null
where turn_due_at is not null or send_due_at is not null or completed_sequence < received_sequence;
update public.call_requests set state = 'cancelled', cancelled_at = now() where state = 'requested';
update public.call_requests set state = 'unknown', unknown_at = now() where state = 'intended';
`;

/** The tables of ours that a backup has rows of, from `pg_restore --list`. */
export function readTables(list: string): string[] {
  const lines = list.split("\n").flatMap((line) => {
    const [, schema = "", table = ""] = /^\d+; \d+ \d+ TABLE DATA (\S+) (\S+) /.exec(line) ?? [];
    return SCHEMAS.includes(schema) ? [`${schema}.${table}`] : [];
  });
  return [...new Set(lines)].sort();
}

/** Empties those of the tables that are still there, before their rows of then come back. */
export function writeTruncation(tables: readonly string[]): string {
  const list = tables.map((table) => `'${table.replaceAll("'", "''")}'`).join(", ");
  return `set local lock_timeout = '30s';
-- Rows come back as they were: no trigger makes others of them.
set local session_replication_role = replica;
do $restore$
declare
  v_tables text := (
    select string_agg(format('%s', to_regclass(listed.name)), ', ')
    from unnest(array[${list}]) as listed (name)
    where to_regclass(listed.name) is not null
  );
begin
  execute 'truncate table ' || v_tables || ' cascade';
end
$restore$;
`;
}

type Run = (command: string, args: string[], options: { password: string | null }) => Promise<{
  success: boolean;
  stdout: string;
  stderr: string;
}>;

/**
 * Puts the rows of a backup (`pg_dump --format custom`) in the place of those that are there, in one
 * transaction: it is all as it was then, or nothing has changed. The schema stays: migrations only add.
 *
 * @throws ReleaseError `missing` for the tools or the backup, `failed` with the first error
 */
export async function restoreDatabase(
  { databaseUrl, dump }: { databaseUrl: string; dump: string },
  run: Run = runTool,
): Promise<{ tables: number }> {
  const { url, password } = splitPassword(databaseUrl);
  const listed = await run("pg_restore", ["--list", dump], { password: null });
  if (!listed.success) throw fail(listed.stderr || "pg_restore can't read it");
  const tables = readTables(listed.stdout);
  if (tables.length === 0) throw fail("it has no rows of ours");
  const folder = await Deno.makeTempDir({ prefix: "switchboard-restore-" });
  try {
    const [before, data, after] = ["before.sql", "data.sql", "after.sql"]
      .map((name) => join(folder, name)) as [string, string, string];
    await Deno.writeTextFile(before, writeTruncation(tables));
    await Deno.writeTextFile(after, SETTLE_AFTER_RESTORE);
    const read = await run(
      "pg_restore",
      [
        "--data-only",
        "--no-owner",
        ...SCHEMAS.map((schema) => `--schema=${schema}`),
        `--file=${data}`,
        dump,
      ],
      { password: null },
    );
    if (!read.success) throw fail(read.stderr);
    const written = await run(
      "psql",
      [
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        `--file=${before}`,
        `--file=${data}`,
        // The dump's own settings end with it.
        "--command=set local session_replication_role = origin; set search_path = ''",
        `--file=${after}`,
        `--dbname=${url}`,
      ],
      { password },
    );
    if (!written.success) throw fail(written.stderr);
    return { tables: tables.length };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function fail(reason: string): ReleaseError {
  const [first] = reason.split("\n").filter((line) => /error|fatal/i.test(line));
  return new ReleaseError(
    "failed",
    `Cannot restore the database: ${(first ?? reason).trim()} (nothing was changed)`,
  );
}

const runTool: Run = async (command, args, { password }) => {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args,
      env: password === null ? {} : { PGPASSWORD: password },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    throw new ReleaseError(
      "missing",
      `Cannot run "${command}": install PostgreSQL 17's client (${(error as Error).message})`,
    );
  }
};
