import assert from "node:assert/strict";
import { join } from "node:path";
import { dumpDatabase, judgeDumpVersion } from "./dump_database.ts";

/** Runs with a `pg_dump` of ours, which the PATH's may be too old to be. */
async function withDump(script: string, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const before = Deno.env.get("PG_DUMP");
  const path = join(folder, "pg_dump");
  await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  Deno.env.set("PG_DUMP", path);
  try {
    await use(folder);
  } finally {
    if (before === undefined) Deno.env.delete("PG_DUMP");
    else Deno.env.set("PG_DUMP", before);
    await Deno.remove(folder, { recursive: true });
  }
}

const VERSION = 'if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) 17.2"; exit; fi';
const WRITE = `for one in "$@"; do case $one in --file=*) file=\${one#--file=};; esac; done
printf 'PGDMP of %s with %s' "$*" "$PGPASSWORD" > "$file"`;

const dump = (folder: string, serverVersion = "17.6.1.054") =>
  dumpDatabase({
    databaseUrl: "postgresql://postgres:hidden%21@db.example.test:5432/postgres",
    serverVersion,
    folder: join(folder, "backups"),
    name: "one",
  });

Deno.test("a backup is its owner's alone, and the password no argument", () =>
  withDump(`${VERSION}\n${WRITE}`, async (folder) => {
    const { path, bytes } = await dump(folder);
    const text = await Deno.readTextFile(path);
    assert.match(text, /--format=custom/);
    assert.match(
      text,
      /--dbname=postgresql:\/\/postgres@db\.example\.test:5432\/postgres with hidden!$/,
    );
    assert.equal(bytes, text.length);
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  }));

Deno.test("a dump that fails leaves no file that looks like a backup", async () => {
  const list = async (folder: string) =>
    (await Array.fromAsync(Deno.readDir(join(folder, "backups")))).map(({ name }) => name);
  await withDump(
    `${VERSION}\n${WRITE}\necho 'pg_dump: error: lost' >&2; exit 1`,
    async (folder) => {
      await assert.rejects(dump(folder), { message: "Cannot take a backup: pg_dump: error: lost" });
      assert.deepEqual(await list(folder), []);
    },
  );
  await withDump(`${VERSION}\n:`, async (folder) => {
    await assert.rejects(dump(folder), { message: /pg_dump wrote something else/ });
    assert.deepEqual(await list(folder), []);
  });
});

Deno.test("a pg_dump that is older than the server is refused with what to install", async () => {
  assert.doesNotThrow(() => judgeDumpVersion(17, "17.6.1.054"));
  assert.doesNotThrow(() => judgeDumpVersion(18, "17.6.1.054"));
  assert.throws(() => judgeDumpVersion(15, "17.6.1.054"), {
    name: "ReleaseError",
    code: "missing",
    message: /pg_dump is of PostgreSQL 15 and the server of 17; install PostgreSQL 17's client/,
  });
  const before = Deno.env.get("PG_DUMP");
  Deno.env.set("PG_DUMP", "/nowhere/pg_dump");
  try {
    await assert.rejects(dump("/nowhere"), /there is no "\/nowhere\/pg_dump"; install PostgreSQL/);
  } finally {
    if (before === undefined) Deno.env.delete("PG_DUMP");
    else Deno.env.set("PG_DUMP", before);
  }
  await withDump(
    "exit 127",
    (folder) =>
      assert.rejects(dump(folder), /there is no ".*pg_dump"; install PostgreSQL 17's client/),
  );
});
