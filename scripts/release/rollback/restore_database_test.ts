import assert from "node:assert/strict";
import { join } from "node:path";
import { restoreDatabase, SETTLE_AFTER_RESTORE } from "./restore_database.ts";

const OWN = { tables: ["public.contacts"], sequences: [] };
const LIST = "4512; 0 16999 TABLE DATA public contacts postgres\n" +
  "4518; 0 17005 TABLE DATA public wa_contacts postgres\n";
const ROWS = "copy public.contacts from stdin;\n1\n\\.\n";
const ALL = `#!/bin/sh\nif [ "$1" = --list ]; then cat "$(dirname "$0")/list"; exit; fi\n`;

/** Stand-ins for PostgreSQL's programs, by what each does; `told` is what psql got to read. */
async function withTools(
  {
    pgRestore = 'cat "$(dirname "$0")/rows"',
    psql = "echo begun; cat > $told; echo one row",
    list = LIST,
  },
  use: (world: {
    restore(signal?: AbortSignal): ReturnType<typeof restoreDatabase>;
    read(name: string): Promise<string>;
  }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-tools-" });
  const path = (name: string) => join(folder, name);
  const write = (name: string, text: string) =>
    Deno.writeTextFile(path(name), text, { mode: 0o700 });
  try {
    await write("list", list);
    await write("rows", ROWS);
    await write("told", "");
    await write("pg_restore", `${ALL}echo "$*" > ${path("chosen")}\n${pgRestore}\n`);
    await write(
      "psql",
      `#!/bin/sh\ntold=${path("told")}\necho "$PGPASSWORD: $*" > ${path("psql_args")}\n${psql}\n`,
    );
    await use({
      restore: (signal) =>
        restoreDatabase(
          { databaseUrl: "postgres://a:secret@db.test:5432/x", dump: "b.dump", own: OWN, signal },
          { pgRestore: path("pg_restore"), psql: path("psql") },
        ),
      read: (name) => Deno.readTextFile(path(name)),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a database is restored in one transaction, by no trigger, and by no file of rows", async () => {
  await withTools({}, async ({ restore, read }) => {
    assert.deepEqual(await restore(), { tables: 1, left: ["public.wa_contacts"] });
    const told = await read("told");
    assert.match(told, /^begin;\n\\echo begun\nset local lock_timeout/);
    assert.match(told, /set local session_replication_role = replica/);
    const [before, rows, settled, commit] = [
      "truncate table",
      ROWS,
      SETTLE_AFTER_RESTORE,
      "\ncommit;\n",
    ].map((part) => told.indexOf(part));
    assert.ok(0 < before! && before! < rows! && rows! < settled! && settled! < commit!, told);
    assert.equal(told.match(/\bcommit\b/g)?.length, 1);

    const args = await read("psql_args");
    assert.match(
      args,
      /^secret: .*--set=ON_ERROR_STOP=1 .*--dbname=postgres:\/\/a@db\.test:5432\/x$/m,
    );
    assert.doesNotMatch(args, /a:secret/);
    const [, list = ""] = /--use-list=(\S+)/.exec(await read("chosen")) ?? [];
    assert.match(list, /switchboard-restore-.*chosen\.list$/);
    assert.doesNotMatch(
      await read("chosen"),
      /--file=(?!-)/,
      "theirs stay, and no row is in a file",
    );
    await assert.rejects(Deno.stat(list), Deno.errors.NotFound, "nothing is left behind");
  });
});

Deno.test("of a backup that can't be read to its end nothing is committed", async () => {
  const pgRestore = `head -n 2 "$(dirname "$0")/rows"; echo "pg_restore: error: torn" >&2; exit 1`;
  await withTools({ pgRestore }, async ({ restore, read }) => {
    await assert.rejects(restore(), {
      code: "failed",
      message: /: pg_restore: error: torn \(nothing was changed\)$/,
    });
    const told = await read("told");
    assert.match(told, /copy public\.contacts/);
    assert.doesNotMatch(told, /commit/);
  });
});

Deno.test("what psql refuses ends it, however much there is still to read", async () => {
  const psql =
    `echo begun; head -n 3 > $told; echo "x" >&2; echo "psql:<stdin>:3: ERROR: no" >&2; exit 3`;
  await withTools({ pgRestore: "yes", psql }, async ({ restore }) => {
    await assert.rejects(restore(), {
      message: /: psql:<stdin>:3: ERROR: no \(nothing was changed\)$/,
    });
  });
  const late = `echo begun; cat > $told; echo "psql:<stdin>:9: ERROR: late" >&2; exit 3`;
  await withTools({ psql: late }, async ({ restore }) => {
    await assert.rejects(restore(), { message: /ERROR: late \(nothing was changed\)$/ });
  });
});

Deno.test("a database that is lost while it commits isn't said to be as it was", async () => {
  const psql =
    `echo begun; cat > $told; echo "psql: error: connection to server was lost" >&2; exit 2`;
  await withTools({ psql }, async ({ restore }) => {
    await assert.rejects(restore(), {
      code: "unreachable",
      message: /Cannot tell whether .*: psql: error: connection to server was lost \(look at it/,
    });
  });
});

Deno.test("one that doesn't get into the database hasn't changed it", async () => {
  const psql = `echo "psql: error: password authentication failed" >&2; exit 2`;
  await withTools({ psql }, async ({ restore }) => {
    await assert.rejects(restore(), {
      code: "failed",
      message: /: psql: error: password authentication failed \(nothing was changed\)$/,
    });
  });
});

Deno.test("who interrupts it ends both programs, and nothing is committed", async () => {
  const psql = `echo begun; head -n 1 > $told.begun; mv $told.begun $told; exec sleep 60`;
  await withTools({ pgRestore: "exec sleep 60", psql }, async ({ restore, read }) => {
    const interrupt = new AbortController();
    const restoring = restore(interrupt.signal);
    const began = Date.now();
    while (await read("told") === "") await new Promise((resolve) => setTimeout(resolve, 20));
    interrupt.abort();
    await assert.rejects(restoring, { message: /interrupted \(nothing was changed\)$/ });
    assert.ok(Date.now() - began < 30_000);
    assert.equal(await read("told"), "begin;\n");
  });
});

Deno.test("a backup without rows of ours is refused, and a machine without the programs", async () => {
  const input = { databaseUrl: "postgres://a@db.test/x", dump: "b.dump", own: OWN };
  const nowhere = { pgRestore: "/nowhere/pg_restore", psql: "/nowhere/psql" };
  await assert.rejects(restoreDatabase(input, nowhere), {
    code: "missing",
    message: /Cannot run "\/nowhere\/pg_restore": install PostgreSQL 17's client/,
  });
  await withTools(
    { list: "4518; 0 17005 TABLE DATA public wa_contacts postgres\n" },
    async (world) => {
      await assert.rejects(world.restore(), { code: "failed", message: /it has no rows of ours/ });
      await assert.rejects(world.read("psql_args"), Deno.errors.NotFound, "nothing was begun");
    },
  );
});
