import assert from "node:assert/strict";
import { describeMigrations } from "./check_migrations.ts";

async function withMigration(script: string, use: (file: string) => Promise<void>): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".sql" });
  try {
    await Deno.writeTextFile(file, script);
    await use(file);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("tells where, what and why, and fails", () =>
  withMigration("select 1;\ndrop view public.jobs;", async (file) => {
    const { text, passed } = await describeMigrations([file]);
    assert.match(text, /\.sql:2: destructive drop_view\n {2}drop view public\.jobs\n/);
    assert.match(text, /\n1 migrations, 1 findings$/);
    assert.equal(passed, false);
    const { text: json } = await describeMigrations(["--json", file]);
    assert.deepEqual(JSON.parse(json).map(({ rule }: { rule: string }) => rule), ["drop_view"]);
  }));

Deno.test("passes what only adds", () =>
  withMigration("create table public.a (id uuid primary key);", async (file) => {
    assert.deepEqual(await describeMigrations([file]), {
      text: "1 migrations, 0 findings",
      passed: true,
    });
  }));

Deno.test("every migration of the checkout can be read", async () => {
  const { text } = await describeMigrations(["--all"]);
  assert.doesNotMatch(text, /syntax-error/);
  assert.match(text, /\n\d{3,} migrations, \d+ findings$/);
});

Deno.test("a file that isn't there is said so, and help needs none", async () => {
  await assert.rejects(describeMigrations(["nowhere.sql"]), /nowhere\.sql/);
  await assert.rejects(describeMigrations(["--every"]));
  assert.equal((await describeMigrations(["--help"])).passed, true);
});
