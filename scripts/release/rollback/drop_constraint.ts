import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomically } from "../../local/write_file_atomically.ts";
import { ReleaseError } from "../release_error.ts";
import { quoteLiteral, type RollbackContext } from "./rollback_context.ts";

const found = z.object({
  table: z.string(),
  kind: z.enum(["c", "f", "u", "x", "p", "n", "t"]),
  definition: z.string(),
  is_partitioned: z.boolean(),
  comment: z.string().nullable(),
  needed_by: z.array(z.string()),
  used_by: z.array(z.string()),
});
export type Constraint = z.infer<typeof found>;

const WORDS: Partial<Record<Constraint["kind"], string>> = {
  c: "every row fulfils the condition",
  f: "every row refers to one that is there",
  u: "no two rows have the same",
  x: "no two rows collide",
};

/** What of the catalogue says what the constraint protects, and who relies on it. */
function writeQuery(name: string): string {
  const literal = quoteLiteral(name);
  return `select
    format('%I.%I', namespace.nspname, class.relname) as "table", con.contype::text as kind,
    pg_get_constraintdef(con.oid) as definition, class.relkind = 'p' as is_partitioned,
    obj_description(con.oid, 'pg_constraint') as comment,
    array(
      select format('%s of %s', other.conname, other.conrelid::regclass)
      from pg_catalog.pg_constraint as other
      where other.contype = 'f' and other.conindid = con.conindid and con.contype = 'u'
    ) as needed_by,
    array(
      select format('%I.%I', place.nspname, function.proname)
      from pg_catalog.pg_proc as function
      join pg_catalog.pg_namespace as place on place.oid = function.pronamespace
      where place.nspname in ('public', 'private')
        and function.prosrc ~ ('\\mon\\s+constraint\\s+' || ${literal} || '\\M')
      order by 1
    ) as used_by
  from pg_catalog.pg_constraint as con
  join pg_catalog.pg_class as class on class.oid = con.conrelid
  join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
  where con.conname = ${literal} and con.coninhcount = 0 and namespace.nspname in ('public', 'private')
  order by 1`;
}

/** The statements that bring it back: the second reads every row, and tells of those in the way. */
export function writeReturn(name: string, { table, kind, definition, is_partitioned }: Constraint) {
  const add = `alter table ${table} add constraint ${name} ${definition}`;
  const canWait = kind === "c" || (kind === "f" && !is_partitioned);
  const isWaiting = / not valid$/i.test(definition);
  if (!canWait || isWaiting) return `${add};`;
  return `${add} not valid;\nalter table ${table} validate constraint ${name};`;
}

/**
 * `constraint`: drops one that refuses what has to be stored. Shows what it protects; drops it with
 * `isConfirmed` alone. Only constraints that our migrations name. One that is gone already is told.
 *
 * @throws ReleaseError
 */
export async function dropConstraint(
  context: RollbackContext,
  { name, isConfirmed }: { name: string; isConfirmed: boolean },
): Promise<void> {
  const { management, target, folder, print } = context;
  const fail = (reason: string) =>
    new ReleaseError("refused", `Cannot drop the constraint "${name}": ${reason}`);
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name) || !await isOurs(name, folder)) {
    throw fail("no migration of ours names it");
  }
  const rows = await management.queryDatabase(target.ref, writeQuery(name), { readOnly: true });
  const constraints = rows.map((row) => found.parse(row));
  const [constraint, other] = constraints;
  if (constraint === undefined) {
    print("it isn't there: nothing was changed");
    return;
  }
  if (other !== undefined) {
    throw fail(`there are several, on ${constraints.map(({ table }) => table).join(" and ")}`);
  }
  const { table, kind, definition, comment, needed_by, used_by } = constraint;
  if (WORDS[kind] === undefined) throw fail(`it is what rows of ${table} are known by`);
  if (needed_by.length > 0) throw fail(`it is relied upon by ${needed_by.join(", ")}`);

  const back = writeReturn(name, constraint);
  print(`protects   ${table}: ${WORDS[kind]}`);
  print(`says       ${definition}${comment === null ? "" : ` (${comment})`}`);
  if (used_by.length > 0) {
    print(`breaks     ${used_by.join(", ")}: "on conflict on constraint" fails without it`);
  }
  if (kind === "u") print('breaks     every "on conflict" by its columns');
  print("afterwards rows can come that it would refuse; they are in its way when it returns");
  for (const line of back.split("\n")) print(`back       ${line}`);
  if (!isConfirmed) {
    print("Nothing was done: add --confirm");
    return;
  }
  const kept = join(folder, ".local", "rollbacks", target.ref, `${name}.sql`);
  await Deno.mkdir(join(kept, ".."), { recursive: true });
  await writeFileAtomically(kept, `${back}\n`);
  // Waits no longer than that for whoever holds the table: others would wait behind it.
  await management.queryDatabase(
    target.ref,
    `begin;\nset local lock_timeout = '3s';\n` +
      `alter table ${table} drop constraint if exists ${name};\ncommit;`,
  );
  print(`dropped; the statement that brings it back is in ${kept}`);
}

/** A word of a migration, so that nothing of the platform's or of somebody else's is ever dropped. */
async function isOurs(name: string, folder: string): Promise<boolean> {
  const migrations = join(folder, "supabase", "migrations");
  const pattern = new RegExp(`\\bconstraint\\s+${name}\\b`);
  for await (const { name: file } of Deno.readDir(migrations)) {
    if (pattern.test(await Deno.readTextFile(join(migrations, file)))) return true;
  }
  return false;
}
