import assert from "node:assert/strict";
import { join } from "node:path";
import { StackError } from "../local/stack_error.ts";
import { listNewMigrations } from "./list_new_migrations.ts";
import { readPreviousRelease } from "./read_releases.ts";
import { runGit, unpackRelease } from "./run_git.ts";

const MIGRATIONS = join("supabase", "migrations");

async function commit(folder: string, message: string): Promise<string> {
  await runGit(["add", "--all"], folder);
  const identity = ["-c", "user.name=a", "-c", "user.email=a@b.test", "-c", "commit.gpgsign=false"];
  await runGit([...identity, "commit", "--quiet", "--message", message], folder);
  return new TextDecoder().decode(await runGit(["rev-parse", "HEAD"], folder)).trim();
}

async function write(folder: string, path: string, text: string): Promise<void> {
  await Deno.mkdir(join(folder, path, ".."), { recursive: true });
  await Deno.writeTextFile(join(folder, path), text);
}

/** A repository with a release of one migration, and a second migration since. */
async function withRepository(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await runGit(["init", "--quiet"], folder);
    await write(folder, join(MIGRATIONS, "1_a.sql"), "select 1;");
    const released = await commit(folder, "first");
    const list = [{ version: "0.1.0", commit: "0".repeat(40) }, {
      version: "0.2.0",
      commit: released,
    }];
    await write(folder, join("supabase", "releases.json"), JSON.stringify(list));
    await write(folder, join(MIGRATIONS, "2_b.sql"), "select 2;");
    await commit(folder, "second");
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the newest release is compared with, and what it doesn't have is new", () =>
  withRepository(async (folder) => {
    assert.deepEqual(await listNewMigrations({ folder }), [join(folder, MIGRATIONS, "2_b.sql")]);
  }));

Deno.test("a release is unpacked as it was", () =>
  withRepository(async (folder) => {
    const into = join(folder, "release");
    await unpackRelease(await readPreviousRelease(folder), { into, folder });
    const names = [];
    for await (const { name } of Deno.readDir(join(into, MIGRATIONS))) names.push(name);
    assert.deepEqual(names, ["1_a.sql"]);
  }));

Deno.test("a shallow clone is told what to do", () =>
  withRepository(async (folder) => {
    const shallow = join(folder, "shallow");
    await runGit(["clone", "--quiet", "--depth=1", `file://${folder}`, shallow], folder);
    await assert.rejects(
      listNewMigrations({ folder: shallow }),
      (error) =>
        error instanceof StackError && /"0\.2\.0".*git fetch --unshallow/.test(error.message),
    );
  }));

for (
  const [name, text] of [
    ["an empty list", "[]"],
    ["a short commit", '[{"version": "0.1.0", "commit": "d791336"}]'],
    ["a tag for a version", `[{"version": "v0.1.0", "commit": "${"a".repeat(40)}"}]`],
  ] as const
) {
  Deno.test(`${name} is no list of releases`, async () => {
    const folder = await Deno.makeTempDir();
    await write(folder, join("supabase", "releases.json"), text);
    await assert.rejects(readPreviousRelease(folder), StackError);
    await Deno.remove(folder, { recursive: true });
  });
}
