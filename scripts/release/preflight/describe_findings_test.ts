import assert from "node:assert/strict";
import { join } from "node:path";
import { checkMigrations } from "../check_migrations.ts";
import { ReleaseError } from "../release_error.ts";
import { describeFindings } from "./describe_findings.ts";

const FILES = {
  "1_a.sql": "create table public.a (id uuid primary key);",
  "2_b.sql": "set local lock_timeout = '5s';\ndrop table public.b;",
  "3_c.sql": "create table public.c (a varchar(3));",
};

async function describe(files: string[], accept: string | null = null) {
  const folder = await Deno.makeTempDir();
  const told: string[] = [];
  try {
    const migrations = join(folder, "supabase", "migrations");
    await Deno.mkdir(migrations, { recursive: true });
    for (const [name, text] of Object.entries(FILES)) {
      await Deno.writeTextFile(join(migrations, name), text);
    }
    const text = await describeFindings(
      {
        checkMigrations,
        checkout: { folder },
        options: { accept },
        tell: (line: string) => told.push(line),
      } as unknown as Parameters<typeof describeFindings>[0],
      files,
    );
    return { text, told };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what is written unlike ours holds no release up", async () => {
  assert.deepEqual(await describe(["3_c.sql"]), { text: "nothing destructive", told: [] });
});

Deno.test("what destroys is told and refused, unless it is accepted with a reason", async () => {
  await assert.rejects(describe(["2_b.sql", "3_c.sql"]), ReleaseError);
  const { text, told } = await describe(["2_b.sql"], "empty since 0.8.0");
  assert.equal(text, "1 findings ACCEPTED: empty since 0.8.0");
  assert.deepEqual(told, ["2_b.sql:2 destructive (ban-drop-table): drop table public.b"]);
});

Deno.test("an empty project's first migrations hold nobody up", async () => {
  assert.deepEqual(await describe(Object.keys(FILES)), { text: "the project's first", told: [] });
});
