import { splitBlock, splitStatements, type Statement } from "./split_statements.ts";

export type Rule = { name: string; kind: "destructive" | "locks"; message: string };

const LOSES = "what is in it is gone, and the live release may still read it";
const CALLS = "the live release may still call or name it while its isolates drain";

/** Of statements as `splitStatements` gives them. */
const RULES: (Rule & { pattern: RegExp })[] = [
  ...([
    ["drop_table", /^drop (?:foreign )?table /, LOSES],
    ["drop_column", /^alter (?:foreign )?table .*\bdrop column /, LOSES],
    ["detach_partition", /^alter table .*\bdetach partition /, "its rows are in the table no more"],
    [
      "drop_default",
      /^alter (?:foreign )?table .*\balter (?:column )?\S+ drop default/,
      "the live release may leave the column out of what it inserts",
    ],
    ["drop_schema", /^drop (?:schema|owned) /, LOSES],
    ["drop_database", /^drop database /, LOSES],
    ["drop_sequence", /^drop sequence /, LOSES],
    ["drop_extension", /^drop extension /, LOSES],
    ["truncate", /^truncate /, "every row is gone"],
    ["delete_without_where", /^(?!.*\bwhere\b)(?:with .*)?\bdelete from /, "every row is gone"],
    [
      "update_without_where",
      /^(?!.*\bwhere\b)(?!insert|merge|create|grant|revoke|comment|alter)(?:with .*)?\bupdate .* set /,
      "every row is written over, and locked until the migration ends",
    ],
    ["drop_function", /^drop (?:function|procedure|routine|aggregate) /, CALLS],
    ["drop_view", /^drop (?:materialized )?view /, CALLS],
    ["drop_type", /^drop (?:type|domain) /, CALLS],
    ["drop_role", /^drop (?:role|user) /, CALLS],
    ["rename", /^alter .* rename (?:to|column|constraint|attribute|value|\S+ to) /, CALLS],
    ["set_schema", /^alter .* set schema /, CALLS],
    [
      "alter_type",
      /^alter table .*\balter (?:column )?\S+ (?:set data )?type /,
      "the table is rewritten under a lock, and the live release may not know the new type",
    ],
    [
      "drop_constraint",
      /^alter (?:table|domain) .*\bdrop constraint /,
      "what it kept out may come in, and `on conflict` may name it",
    ],
    ["drop_index", /^drop index /, "what is unique by it no longer is, and queries lean on it"],
    ["drop_trigger", /^drop (?:event )?trigger /, "what it kept in step no longer is"],
    ["drop_policy", /^drop policy /, "who may read and write changes for the live release"],
    [
      "disable_security",
      /^alter table .*\b(?:disable|no force) row level security/,
      "rows open up",
    ],
    ["disable_trigger", /^alter table .*\bdisable trigger /, "what it kept in step no longer is"],
  ] as const).map(([name, pattern, message]) => ({
    name,
    kind: "destructive" as const,
    pattern,
    message,
  })),
  ...([
    ["vacuum_full", /^vacuum (?:\(.*)?full/, "rewrites the table; nobody reads it meanwhile"],
    ["cluster", /^cluster /, "rewrites the table; nobody reads it meanwhile"],
    ["lock_table", /^lock /, "holds everybody up until the migration ends"],
    [
      "refresh_view",
      /^refresh materialized view (?!concurrently)/,
      "nobody reads the view meanwhile; refresh it concurrently",
    ],
  ] as const).map(([name, pattern, message]) => ({
    name,
    kind: "locks" as const,
    pattern,
    message,
  })),
];

const CREATED =
  /^create (?:or replace )?(?:unlogged |global |local |temporary |temp )*(?:table|function|procedure|view|schema|materialized view|sequence|type|domain) (?:if not exists )?([^\s(]+)/;
/** What takes a lock on the table that it names, from writes to everything. */
const LOCKED_TABLES = [
  /^alter table (?:if exists )?(?:only )?([^\s(]+)/g,
  /^create (?:unique )?index (?:concurrently )?(?:if not exists )?(?:\S+ )?on (?:only )?([^\s(]+)/g,
  /^create (?:or replace )?(?:constraint )?trigger .*? on ([^\s(]+)/g,
  /^create policy (?:"[^"]*"|\S+) on ([^\s(]+)/g,
  /(?<=^(?:create|alter) (?:unlogged )?table .*)\breferences ([^\s(]+)/g,
];
const REVOKED =
  /^revoke .* on (?:(?:all )?(?:table|function|procedure|schema|sequence)s? )?(?:in schema )?([^\s(]+)/;

const REVOKE: Rule = {
  name: "revoke",
  kind: "destructive",
  message: "it isn't made by this migration, and the live release may still need it",
};
const NO_LOCK_TIMEOUT: Rule = {
  name: "lock_timeout_missing",
  kind: "locks",
  message:
    "a table that is in use is locked: behind a long transaction everybody waits for this; " +
    "begin the file with set local lock_timeout = '5s'",
};

/** Every statement that runs when the migration does: `do` blocks are opened. */
function listRun(source: string): { statement: Statement; within: Statement }[] {
  return splitStatements(source).flatMap((statement) => [
    { statement, within: statement },
    ...(statement.text.startsWith("do ")
      ? splitBlock(statement).map((inner) => ({ statement: inner, within: statement }))
      : []),
  ]);
}

/** What of a migration loses something, or holds others up, and isn't told by squawk. */
export function findDestructive(
  source: string,
): { rule: Rule; statement: Statement; within: Statement }[] {
  const run = listRun(source);
  const created = new Set(run.flatMap(({ statement }) => CREATED.exec(statement.text)?.[1] ?? []));
  const timeoutAt = run.findIndex(({ statement }) =>
    statement.text.startsWith("set local lock_timeout")
  );
  // The name in a text that `format` fills in is mostly one that the file makes.
  const isElsewhere = (name: string | undefined) =>
    name !== undefined && !name.includes("%") && !created.has(name);
  const isLocking = ({ text }: Statement) =>
    LOCKED_TABLES.some((pattern) =>
      [...text.matchAll(pattern)].some(([, name]) => isElsewhere(name))
    );
  const found = run.flatMap(({ statement, within }) => {
    const rules: Rule[] = RULES.filter(({ pattern }) => pattern.test(statement.text));
    if (isElsewhere(REVOKED.exec(statement.text)?.[1])) rules.push(REVOKE);
    // A function that is renamed may be followed by one of its old name, which calls it.
    const [, renamed] = /^alter function ([^\s(]+)/.exec(statement.text) ?? [];
    return rules
      .filter(({ name }) => name !== "rename" || renamed === undefined || !created.has(renamed))
      .map((rule) => ({ rule, statement, within }));
  });
  const locking = run.findIndex(({ statement }) => isLocking(statement));
  const first = run[locking];
  if (first !== undefined && (timeoutAt === -1 || timeoutAt > locking)) {
    found.push({ rule: NO_LOCK_TIMEOUT, ...first });
  }
  return found;
}
