import assert from "node:assert/strict";
import { join } from "node:path";
import { applyMigrations, explainPush, listMigrations } from "./migrate_database.ts";
import { type Database, DatabaseError } from "./open_database.ts";
import { StackError } from "./stack_error.ts";

const CASES = [
  {
    name: "names the file and PostgreSQL's message",
    output: [
      "Applying migration 20261101000001_create_a.sql...",
      "Applying migration 20261101000009_fail.sql...",
      "ERROR: division by zero (SQLSTATE 22012)",
      "At statement: 0",
      "select 1/0",
    ].join("\n"),
    expected: 'Cannot apply migration "20261101000009_fail.sql": division by zero (SQLSTATE 22012)',
  },
  {
    name: "says what to do when the folder and the database disagree",
    output: "Target: custom\nRemote migration versions not found in local migrations directory.\n",
    expected:
      "Cannot apply the migrations: Remote migration versions not found in local migrations " +
      "directory. (--reset starts over)",
  },
  {
    name: "has an answer to silence",
    output: "",
    expected: "Cannot apply the migrations: no reason given (--reset starts over)",
  },
];

for (const { name, output, expected } of CASES) {
  Deno.test(`a failed push ${name}`, () => assert.equal(explainPush(output), expected));
}

async function withFolder(files: Record<string, string>, use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("lists migrations in the order of their versions and nothing else", () =>
  withFolder({ "20_b.sql": "", "10_a.sql": "", "README.md": "", "x.sql": "" }, async (folder) => {
    assert.deepEqual(await listMigrations(folder), [
      { version: "10", name: "a", file: "10_a.sql" },
      { version: "20", name: "b", file: "20_b.sql" },
    ]);
  }));

Deno.test("a folder that isn't there has no migrations", async () => {
  assert.deepEqual(await listMigrations("/nowhere/at/all"), []);
});

Deno.test("stops at the first migration that fails and names it", () =>
  withFolder({ "10_a.sql": "select 1", "20_b.sql": "bad", "30_c.sql": "" }, async (folder) => {
    const executed: string[] = [];
    const database: Database = {
      query: () => Promise.resolve([]),
      execute(script) {
        executed.push(script);
        if (script.startsWith("bad")) throw new DatabaseError("syntax error", "42601");
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    await assert.rejects(
      applyMigrations(database, folder),
      new StackError('Cannot apply migration "20_b.sql": syntax error (SQLSTATE 42601)'),
    );
    assert.equal(executed.length, 3, "the table of versions, the first, the second");
    assert.match(executed[1] ?? "", /values \('10', 'a'\);$/);
  }));
