import assert from "node:assert/strict";
import { join } from "node:path";
import { findSupabaseCli } from "../../../scripts/local/find_binary.ts";
import { listMigrations } from "../../../scripts/local/migrate_database.ts";
import { REPOSITORY } from "../../../scripts/local/repository.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";

const ROW = /`?(\d{14})`?\s*\|\s*`?(\d{14})?`?\s*\|/;

const migrations = await listMigrations(join(REPOSITORY, "supabase", "migrations"));

Deno.test("every migration is recorded as applied, under its version", async () => {
  const rows = await queryDatabase<{ version: string; name: string }>(
    "select version, name from supabase_migrations.schema_migrations order by version",
  );
  assert.deepEqual(
    rows.map(({ version, name }) => [version, name]),
    migrations.map(({ version, name }) => [version, name]),
  );
});

// It speaks PostgreSQL's protocol, which PGlite stands from one client only.
Deno.test({
  name: "the Supabase CLI finds every migration applied and none that it doesn't know",
  ignore: readStack().engine === "pglite",
  async fn() {
    const { success, stdout } = await new Deno.Command(await findSupabaseCli(), {
      args: ["migration", "list", `--remote=${readStack().database_url}?sslmode=disable`],
      cwd: REPOSITORY,
      env: { SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
    }).output();
    assert.equal(success, true);
    const rows = new TextDecoder().decode(stdout).split("\n")
      .map((line) => ROW.exec(line)).filter((row) => row !== null)
      .map(([, local, remote]) => [local, remote]);
    assert.deepEqual(rows, migrations.map(({ version }) => [version, version]));
  },
});
