import { join } from "node:path";
import { ReleaseError } from "../release_error.ts";
import { splitPassword } from "../run_cli.ts";
import { withPrivateFolder } from "../with_private_folder.ts";
import { listBackup, pipeRestore, TOOLS, type Tools } from "./pipe_restore.ts";
import { type OwnRelations, PARTITIONS } from "./read_own_relations.ts";

/** Where ours is; in them may be an older product's too. */
const SCHEMAS = ["public", "private", PARTITIONS];

/**
 * Nothing that waited when the backup was made is done again: it may have been done since, and nobody is
 * to be told, called or forwarded twice. In the restoring transaction, so that no worker comes in between.
 */
export const SETTLE_AFTER_RESTORE = `
update public.outbound_messages set state = 'expired', expired_at = now(), error = 'Restored from a backup'
where state = 'queued';
update public.outbound_messages set state = 'unknown', unknown_at = now(), error = 'Restored from a backup'
where state = 'claimed';
update public.inbound_messages set disposition = 'ignored', disposed_at = now()
where disposition in ('received', 'forwarding');
update public.legacy_deliveries set state = 'ignored', ignored_at = now(), due_at = null, body = null,
  last_error = 'Restored from a backup'
where state in ('queued', 'claimed');
update public.contact_queues set completed_sequence = received_sequence, claimed_sequence = null,
  turn_due_at = null, turn_retry_at = null, turn_leased_until = null, send_due_at = null, send_leased_until = null
where turn_due_at is not null or send_due_at is not null or completed_sequence < received_sequence;
update public.call_requests set state = 'cancelled', cancelled_at = now() where state = 'requested';
update public.call_requests set state = 'unknown', unknown_at = now() where state = 'intended';
`;

export type BackupContents = {
  /** Of ours, whose rows it has. */
  tables: string[];
  /** Lines of the list that are restored: `pg_restore --use-list`. */
  lines: string[];
  /** Tables beside ours, which nothing is done to. */
  left: string[];
};

/** What a backup has of ours, from `pg_restore --list`. */
export function readContents(list: string, own: OwnRelations): BackupContents {
  const [tables, lines, left]: [string[], string[], string[]] = [[], [], []];
  for (const line of list.split("\n")) {
    const [, kind, schema = "", name = ""] =
      /^\d+; \d+ \d+ (TABLE DATA|SEQUENCE SET) (\S+) (\S+) /.exec(line) ?? [];
    if (!SCHEMAS.includes(schema)) continue;
    const relation = `${schema}.${name}`;
    const ours = kind === "TABLE DATA" ? own.tables : own.sequences;
    if (schema === PARTITIONS || ours.includes(relation)) lines.push(line);
    if (kind !== "TABLE DATA") continue;
    (schema === PARTITIONS || ours.includes(relation) ? tables : left).push(relation);
  }
  return { tables: [...new Set(tables)].sort(), lines, left: [...new Set(left)].sort() };
}

const writeArray = (names: readonly string[]) =>
  `array[${names.map((name) => `'${name.replaceAll("'", "''")}'`).join(", ")}]::text[]`;

/**
 * Empties those of the tables that are still there, and of ours whatever refers to them, before their rows
 * of then come back. Where somebody else's table refers to one, that one is emptied row by row: to
 * truncate it would be to truncate theirs.
 */
export function writeTruncation(tables: readonly string[], own: OwnRelations): string {
  return `set local lock_timeout = '30s';
-- Rows come back as they were: no trigger makes others of them.
set local session_replication_role = replica;
do $restore$
declare
  v_ours constant oid[] := array(
    select class.oid from pg_catalog.pg_class as class
    where class.relkind in ('r', 'p') and (
      class.relnamespace = to_regnamespace('${PARTITIONS}')
      or class.oid in (select to_regclass(ours.name)::oid from unnest(${
    writeArray(own.tables)
  }) as ours (name))
    )
  );
  v_emptied oid[];
  v_kept_apart oid[];
  v_tables text;
  v_table oid;
begin
  with recursive emptied (id) as (
    select ours.id from unnest(v_ours) as ours (id)
    join pg_catalog.pg_class as class on class.oid = ours.id
    where class.relnamespace = to_regnamespace('${PARTITIONS}')
      or ours.id in (select to_regclass(listed.name)::oid from unnest(${
    writeArray(tables)
  }) as listed (name))
    union
    select con.conrelid from pg_catalog.pg_constraint as con
    join emptied on emptied.id = con.confrelid
    where con.contype = 'f' and con.conrelid = any(v_ours)
  )
  select array_agg(id) into v_emptied from emptied;
  with recursive kept_apart (id) as (
    select con.confrelid from pg_catalog.pg_constraint as con
    where con.contype = 'f' and con.confrelid = any(v_emptied) and con.conrelid <> all(v_emptied)
    union
    select con.confrelid from pg_catalog.pg_constraint as con
    join kept_apart on kept_apart.id = con.conrelid
    where con.contype = 'f' and con.confrelid = any(v_emptied)
  )
  select coalesce(array_agg(id), '{}') into v_kept_apart from kept_apart;
  select string_agg(emptied.id::regclass::text, ', ') into v_tables
  from unnest(v_emptied) as emptied (id) where emptied.id <> all(v_kept_apart);
  if v_tables is not null then
    execute 'truncate table ' || v_tables;
  end if;
  foreach v_table in array v_kept_apart loop
    execute format('delete from %s', v_table::regclass);
  end loop;
end
$restore$;
`;
}

/**
 * Puts the rows of a backup (`pg_dump --format custom`) in the place of those that are there, in one
 * transaction: it is all as it was then, or nothing has changed. The schema stays: migrations only add.
 * Only tables that our migrations make; `left` names the others that the backup has.
 *
 * @throws ReleaseError `missing` for the tools or the backup, `failed` with the first error, `unreachable`
 * where the database was lost while it committed
 */
export async function restoreDatabase(
  { databaseUrl, dump, own, signal }: {
    databaseUrl: string;
    dump: string;
    own: OwnRelations;
    signal?: AbortSignal | undefined;
  },
  tools: Tools = TOOLS,
): Promise<{ tables: number; left: string[] }> {
  const { url, password } = splitPassword(databaseUrl);
  const listed = await listBackup(dump, tools);
  if (!listed.success) throw fail(listed.stderr || "pg_restore can't read it");
  const { tables, lines, left } = readContents(listed.stdout, own);
  if (tables.length === 0) throw fail("it has no rows of ours");
  return await withPrivateFolder("switchboard-restore-", async (folder) => {
    const list = join(folder, "chosen.list");
    await Deno.writeTextFile(list, `${lines.join("\n")}\n`);
    const before = writeTruncation(tables, own);
    const reason = await pipeRestore(
      { url, password, dump, list, before, after: AFTER, signal },
      tools,
    );
    if (reason !== null) throw fail(reason);
    return { tables: tables.length, left };
  });
}

/** The backup's own settings end with it. */
const AFTER = `set local session_replication_role = origin;
set search_path = '';
${SETTLE_AFTER_RESTORE}`;

function fail(reason: string): ReleaseError {
  const [first] = reason.split("\n").filter((line) => /error|fatal/i.test(line));
  return new ReleaseError(
    "failed",
    `Cannot restore the database: ${(first ?? reason).trim()} (nothing was changed)`,
  );
}
