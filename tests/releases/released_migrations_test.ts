import { deepEqual, equal } from "node:assert/strict";
import { basename, join } from "node:path";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import { checkMigrations } from "../../scripts/release/check_migrations.ts";
import { listNewMigrations } from "../../scripts/release/list_new_migrations.ts";
import { readPreviousRelease, readReleases } from "../../scripts/release/read_releases.ts";
import { listReleased, runGit } from "../../scripts/release/run_git.ts";

const FOLDER = "supabase/migrations";
const NOTES = "supabase/rollbacks";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const release = await readPreviousRelease();
const released = await listReleased(release, FOLDER);
const added = (await listNewMigrations()).map((path) => basename(path));

Deno.test("a released migration is never edited, renamed or taken away", async () => {
  equal(released.length > 100, true);
  for (const path of released) {
    const today = await Deno.readTextFile(join(REPOSITORY, path)).catch(() => "(gone)");
    equal(today === decode(await runGit(["show", `${release.commit}:${path}`])), true, path);
  }
});

Deno.test("new migrations come after the released ones, as db push wants it", () => {
  const last = released.map((path) => basename(path)).sort().at(-1) ?? "";
  deepEqual(added.filter((name) => name <= last), []);
});

Deno.test("what the previous release doesn't have destroys nothing and holds nobody up", async () => {
  deepEqual(await checkMigrations(await listNewMigrations()), []);
});

Deno.test("each migration since the first release has its note on going back, and no other has", async () => {
  const [first] = await readReleases();
  const names: string[] = [];
  for await (const { name } of Deno.readDir(join(REPOSITORY, NOTES))) names.push(name);
  const expected = (await listNewMigrations({ release: first! })).map((path) => basename(path));
  deepEqual(names.filter((name) => name.endsWith(".sql")).sort(), expected);
  // Said before it is done: what becomes of data.
  for (const name of expected) {
    const note = await Deno.readTextFile(join(REPOSITORY, NOTES, name));
    equal(/^--.*\bdata\b/im.test(note), true, `${name} says what it does to data`);
  }
});

Deno.test("releases go upwards, and each is an ancestor of the next", async () => {
  const releases = await readReleases();
  const order = (version: string) => version.split(".").map((part) => part.padStart(6, "0")).join();
  deepEqual(
    releases.map(({ version }) => version),
    releases.map(({ version }) => version).sort((a, b) => order(a) < order(b) ? -1 : 1),
  );
  for (const [index, { commit }] of releases.entries()) {
    const next = releases[index + 1]?.commit ?? "HEAD";
    const base = decode(await runGit(["merge-base", commit, next])).trim();
    equal(base, commit, `${commit} isn't an ancestor of ${next}`);
  }
});
